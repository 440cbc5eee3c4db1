import { GraderspaceError, throwIfAborted } from "../../core/errors.ts";
import { type Message, say } from "../../core/language/say.ts";
import { lesionsOf } from "../../core/lesion/cohort/lesion-slices.ts";
import type { Task } from "../../core/network/encoding.ts";
import type { Golden } from "../../core/network/model.ts";
import type { SampleSet } from "../../core/samples/sample-set.ts";
import type { Slice } from "../../core/values/slice.ts";
import type { SourceFile } from "../../io/bytes/source-file.ts";
import type { Pack } from "../../io/pack/pack.ts";
import { packLesionRows } from "../../io/pack/pack-lesion-rows.ts";
import type { Stack } from "../../io/stack/stack.ts";
import type { CaseId } from "../app/identity.ts";
import type { Ports } from "../app/ports.ts";
import type { Case, CaseEntry, LesionInPack, ModelChoice } from "../app/shape.ts";

/** Where cases and models come from: the built-in ones, packs, and files that the person opened. */
export interface Library {
  /** The built-in examples, in the menu's order. @throws NetworkFailed, DamagedFile */
  examples(): Promise<readonly CaseEntry[]>;
  /** A case of the examples or of a pack. @throws NetworkFailed, BadArgument where no such case is known */
  read(id: CaseId): Promise<Case>;
  /** A file that was just opened, as a case of its own, whatever was opened before. `frame` is shown first. */
  open(stack: Stack, frame: number, region: readonly [number, number]): Case;
  /** The pack on this shelf. @throws NetworkFailed, BadArgument where no such pack is known */
  pack(shelf: string): Promise<Pack>;
  /** Puts a pack that was just opened on a shelf of its own, and names its cases. */
  addPack(pack: Pack): readonly CaseEntry[];
  /** The model's weight files in the order of its config; progress counts bytes. @throws NetworkFailed; BadArgument of samples */
  weights(model: ModelChoice, task: Task): Promise<Uint8Array[]>;
  /** What PyTorch made of a fixed input, for the engine's self-test; null for a model without it. */
  golden(model: ModelChoice): Promise<Golden | null>;
  /** Makes samples of a method known, under the name that they have in the menu. */
  addSamples(name: string, set: SampleSet): void;
  /** Those behind a name of the menu; null where it is a network's. */
  samples(name: string): SampleSet | null;
  /** Makes a model known by its files. */
  addModel(model: ModelChoice, weights: readonly Uint8Array[]): void;
}

/** The shelf of the built-in examples. */
export const EXAMPLES = "example";
const OPENED = say`Opened files`;

/** The library of the page: built-in examples behind one address, and whatever the person opened. */
export function createLibrary(ports: Pick<Ports, "readExample" | "readModel" | "readGolden">): Library {
  const packs = new Map<string, Pack>();
  const inPacks = new Map<CaseId, { readonly shelf: string; readonly row: number }>();
  const weights = new Map<string, readonly Uint8Array[]>();
  const sets = new Map<string, SampleSet>();
  /** How often a title was given in a group: two files of one name are told apart by a number. */
  const titles = new Map<string, number>();
  let openings = 0;
  let listed: Promise<readonly CaseEntry[]> | null = null;

  function told(title: string): string {
    const count = (titles.get(title) ?? 0) + 1;
    titles.set(title, count);
    return count === 1 ? title : `${title} (${count})`;
  }

  function onShelf(shelf: string, pack: Pack): readonly CaseEntry[] {
    packs.set(shelf, pack);
    const group = told(pack.index.title);
    return pack.index.cases.map(({ id, title, simulated }, row) => {
      const caseId = `${shelf}:${id}` as CaseId;
      inPacks.set(caseId, { shelf, row });
      return { id: caseId, title, group, simulated, pack: { shelf, row } };
    });
  }

  function examples(): Promise<readonly CaseEntry[]> {
    listed ??= examplePack(ports).then((pack) => onShelf(EXAMPLES, pack));
    listed.catch(() => {
      listed = null; // the connection may be back the next time
    });
    return listed;
  }

  async function packOn(shelf: string): Promise<Pack> {
    if (shelf === EXAMPLES) await examples();
    const pack = packs.get(shelf);
    if (pack) return pack;
    throw notHere(say`the pack asked for is not here`);
  }

  return {
    examples,
    async read(id) {
      if (!inPacks.has(id)) await examples();
      const place = inPacks.get(id);
      if (!place) throw notHere(say`the case asked for is not here`);
      return packCase(id, place, await packOn(place.shelf));
    },
    open: (stack, frame, region) => ({
      id: `own:${++openings}` as CaseId,
      title: told(stack.name),
      group: OPENED,
      simulated: false,
      pack: null,
      draw: 0,
      frames: stack.frames,
      attribution: null,
      region,
      frame,
      notes: stack.notes,
      own: true,
      stack,
      read: async (at) => ({ slice: await stack.slice(at), graders: (await stack.graders?.(at)) ?? [] }),
    }),
    pack: packOn,
    addPack: (pack) => onShelf(`pack ${++openings}`, pack),
    async weights(model, task) {
      if (sets.has(model.name)) throw noNetwork(model.name);
      const own = weights.get(model.name);
      return own ? [...own] : await download(model, ports, task);
    },
    async golden(model) {
      if (!model.bundled) return null;
      const golden = await ports.readGolden(model.name);
      if (!golden) return null;
      const { tensors } = JSON.parse(new TextDecoder().decode(golden.json)) as Pick<Golden, "tensors">;
      return { tensors, values: golden.values };
    },
    addModel: (model, bytes) => void weights.set(model.name, bytes),
    addSamples: (name, set) => void sets.set(name, set),
    samples: (name) => sets.get(name) ?? null,
  };
}

function noNetwork(name: string): GraderspaceError {
  const problem = say`${name} is a set of samples, and there is no network behind it`;
  return new GraderspaceError("BadArgument", { problem, remedy: say`choose a model that is one` });
}

function notHere(problem: Message): GraderspaceError {
  return new GraderspaceError("BadArgument", { problem, remedy: say`open its file again, or choose an example` });
}

async function examplePack(ports: Pick<Ports, "readExample">): Promise<Pack> {
  const [{ packOf, parsePackIndex }, bytes] = await Promise.all([
    import("../../io/pack/pack.ts"),
    ports.readExample("pack.json"),
  ]);
  const index = parsePackIndex(JSON.parse(new TextDecoder().decode(bytes)), "examples/pack.json");
  // All files of a case at once: over a network each waits for an answer.
  const asked = new Map<string, Promise<Uint8Array>>();
  const ask = (path: string) => {
    const answer = ports.readExample(path);
    answer.catch(() => asked.delete(path));
    asked.set(path, answer);
    return answer;
  };
  const file = (path: string): SourceFile => ({
    name: path,
    size: 0,
    read: () => {
      const entry = index.cases.find(({ slice }) => slice === path);
      for (const { mask } of entry?.graders ?? []) if (mask !== null && !asked.has(mask)) void ask(mask);
      return asked.get(path) ?? ports.readExample(path);
    },
  });
  return packOf(index, "examples", file, openExamplePicture);
}

function packCase(id: CaseId, pack: { readonly shelf: string; readonly row: number }, opened: Pack): Case {
  const { index, open } = opened;
  const entry = index.cases[pack.row] as Pack["index"]["cases"][number];
  const lesion = lesionInPack(opened, pack.row);
  return {
    id,
    pack,
    draw: entry.draw ?? pack.row,
    title: entry.title,
    group: index.title,
    simulated: entry.simulated,
    frames: 1,
    frame: 0,
    attribution: index.attribution || null,
    region: entry.region,
    notes: [],
    own: pack.shelf !== EXAMPLES,
    stack: null,
    ...(lesion && { lesion }),
    read: () => open(pack.row),
  };
}

/** The lesion of a case through its pack; null where it has no other slice, no spacing, or another case at its place. */
function lesionInPack(pack: Pack, row: number): LesionInPack | null {
  for (const { slices, draw } of lesionsOf(packLesionRows(pack)).lesions) {
    const start = slices.findIndex((slice) => slice.row === row);
    if (start < 0) continue;
    const places = slices.map(({ zMm }) => zMm);
    const draws = slices.map((slice) => slice.draw);
    return { places, draws, draw, start, read: (at) => pack.open(slices[at]?.row ?? row) };
  }
  return null;
}

/** Examples are npy and PNG alone: their readers are small, the rest of io waits until a file is opened. */
async function openExamplePicture(file: SourceFile): Promise<Slice> {
  const bytes = await file.read();
  if (file.name.endsWith(".png")) return (await import("../../io/raster/png.ts")).pngSlice(bytes, file.name);
  return (await import("../../io/numpy/npy.ts")).npySlice(bytes, file.name);
}

/** All files at once: an ensemble has one for each member. */
async function download(model: ModelChoice, ports: Pick<Ports, "readModel">, task: Task): Promise<Uint8Array[]> {
  const { weights } = model.config;
  const total = weights.reduce((sum, { bytes }) => sum + bytes, 0);
  const shares = weights.map(() => 0);
  const read = weights.map(({ file }, k) => {
    const onProgress = (share: number) => {
      shares[k] = share;
      task.onProgress?.(shares.reduce((sum, part, i) => sum + part * (weights[i]?.bytes ?? 0), 0) / total);
    };
    return ports.readModel(model.name, file, { ...task, onProgress });
  });
  const files = await Promise.all(read);
  throwIfAborted(task.signal);
  return files;
}
