import { GraderspaceError, throwIfAborted } from "../../core/errors.ts";
import type { Task } from "../../core/network/encoding.ts";
import type { Slice } from "../../core/values/slice.ts";
import type { Golden } from "../../engine/engine.ts";
import type { SourceFile } from "../../io/bytes/source-file.ts";
import type { Pack } from "../../io/pack/pack.ts";
import type { Ports } from "../app/ports.ts";
import type { ModelChoice } from "../app/store.ts";
import { type Case, type CaseEntry, frameOf } from "./case.ts";
import type { Library } from "./library.ts";

const EXAMPLES = "example";

/** The library of the page: built-in examples behind one address, and whatever the person opened. */
export function createShelf(ports: Pick<Ports, "readExample" | "readModel" | "readGolden">): Library {
  const opened = new Map<string, Case>();
  const packs = new Map<string, Pack>();
  const weights = new Map<string, readonly Uint8Array[]>();
  let builtIn: Promise<Pack> | null = null;

  async function examplePack(): Promise<Pack> {
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
        for (const { mask } of entry?.graders ?? []) if (mask !== null && !asked.has(mask)) ask(mask);
        return asked.get(path) ?? ports.readExample(path);
      },
    });
    return packOf(index, "examples", file, openExamplePicture);
  }

  return {
    async examples() {
      builtIn ??= examplePack();
      packs.set(EXAMPLES, await builtIn);
      return entriesOf(EXAMPLES, await builtIn);
    },
    async read(key) {
      const found = opened.get(key);
      if (found) return found;
      const [shelf, id] = splitKey(key);
      if (shelf === EXAMPLES) packs.set(EXAMPLES, await (builtIn ??= examplePack()));
      const pack = packs.get(shelf);
      const index = pack?.index.cases.findIndex((entry) => entry.id === id) ?? -1;
      if (!pack || index < 0) {
        throw new GraderspaceError("BadArgument", {
          problem: "the case asked for is not here",
          remedy: "open its file again, or choose an example",
        });
      }
      return packCase(shelf, pack, index);
    },
    async weights(model, task) {
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
    async pack(shelf) {
      if (shelf === EXAMPLES) packs.set(EXAMPLES, await (builtIn ??= examplePack()));
      const pack = packs.get(shelf);
      if (pack) return pack;
      throw new GraderspaceError("BadArgument", {
        problem: "the pack asked for is not here",
        remedy: "open its file again, or choose the examples",
      });
    },
    add: (found) => void opened.set(found.key, found),
    addPack: (shelf, pack) => {
      packs.set(shelf, pack);
      return entriesOf(shelf, pack);
    },
    addModel: (model, bytes) => void weights.set(model.name, bytes),
  };
}

function entriesOf(shelf: string, { index }: Pack): CaseEntry[] {
  return index.cases.map(({ id, title, simulated }) => ({
    key: `${shelf}:${id}`,
    title,
    group: index.title,
    simulated,
  }));
}

function packCase(shelf: string, pack: Pack, index: number): Case {
  const entry = pack.index.cases[index] as Pack["index"]["cases"][number];
  return {
    key: `${shelf}:${entry.id}`,
    title: entry.title,
    group: pack.index.title,
    simulated: entry.simulated,
    frames: 1,
    frame: 0,
    attribution: pack.index.attribution || null,
    region: entry.region,
    notes: [],
    own: shelf !== EXAMPLES,
    stack: null,
    read: async () => {
      const { slice, graders } = await pack.open(index);
      return frameOf(slice, graders);
    },
  };
}

function splitKey(key: string): [string, string] {
  const at = key.lastIndexOf(":");
  return [key.slice(0, at), key.slice(at + 1)];
}

/** Examples are npy and PNG alone: their readers are small, the rest of io waits until a file is opened. */
async function openExamplePicture(file: SourceFile): Promise<Slice> {
  const bytes = await file.read();
  if (file.name.endsWith(".png")) {
    const { decodePng } = await import("../../io/raster/png.ts");
    const { rasterSlice } = await import("../../io/raster/raster.ts");
    return rasterSlice(decodePng(bytes, file.name), file.name);
  }
  const { pictureShape, readNpyHeader, readPicture } = await import("../../io/numpy/npy.ts");
  const header = readNpyHeader(bytes, file.name);
  const picture = pictureShape(header, file.name);
  return {
    width: picture.width,
    height: picture.height,
    values: readPicture(bytes.subarray(header.offset), header, picture, 0),
    unit: "stored",
    spacingMm: null,
    geometry: null,
    padding: null,
    modality: null,
    name: file.name,
  };
}

async function download(model: ModelChoice, ports: Pick<Ports, "readModel">, task: Task): Promise<Uint8Array[]> {
  const total = model.config.weights.reduce((sum, { bytes }) => sum + bytes, 0);
  const files: Uint8Array[] = [];
  let before = 0;
  for (const { file, bytes } of model.config.weights) {
    const start = before;
    const onProgress = (share: number) => task.onProgress?.((start + share * bytes) / total);
    files.push(await ports.readModel(model.name, file, { ...task, onProgress }));
    throwIfAborted(task.signal);
    before += bytes;
  }
  return files;
}
