import { parseConfig } from "../../../../src/core/config/parse-config.ts";
import { GraderspaceError } from "../../../../src/core/errors.ts";
import { inEnglish, type Text } from "../../../../src/core/language/say.ts";
import type { Slice } from "../../../../src/core/values/slice.ts";
import { gradersOn } from "../../../../src/io/marks/marks.ts";
import { type Opened, openFile } from "../../../../src/io/open/open.ts";
import type { Stack } from "../../../../src/io/stack/stack.ts";
import { readSafetensors, verifyHash } from "../../../../src/model/safetensors.ts";
import { soundSlice } from "../probe.ts";
import type { Mutant, Refused } from "./mutant.ts";

/** Pictures of a file that are looked at. */
const MOST_FRAMES = 8;

/**
 * Opens a mutant and holds what comes of it against what must come. Answers the kind it turned out to be or the tag of
 * its error. @throws Error with expected and got, and whatever is no GraderspaceError
 */
export async function judge({ bytes, must, onto }: Mutant, name: string): Promise<string> {
  let seen: { readonly what: unknown; readonly notes: readonly Text[] };
  let kind: string;
  try {
    const opened = await openFile({ name, bytes });
    kind = opened.kind;
    seen = await described(opened, onto);
  } catch (error) {
    if (!(error instanceof GraderspaceError)) throw error;
    if (error.message.length > 1000) throw new Error(`a sentence of ${error.message.length} letters`);
    if ("refused" in must && refusedAs(must, error)) return error.tag;
    throw differs(must, `${error.tag}: ${error.message}`);
  }
  if ("refused" in must) throw differs(must, seen);
  const where = difference(must.opens, seen.what, "");
  if (where !== null) throw differs(must, seen, where);
  const unsaid = must.notes.filter((note) => !seen.notes.some((said) => note.test(inEnglish(said))));
  const unasked = seen.notes.filter((said) => !must.notes.some((note) => note.test(inEnglish(said))));
  if (unsaid.length > 0) throw differs(must, seen, `not said: ${unsaid.join(", ")}`);
  if (unasked.length > 0) throw differs(must, seen, `said without need: ${unasked.map(inEnglish).join(", ")}`);
  return kind;
}

function refusedAs({ refused, says }: Refused, error: GraderspaceError): boolean {
  return refused.includes(error.tag) && says.test(error.message);
}

function differs(must: unknown, got: unknown, where = ""): Error {
  return new Error(`${where}\n  expected ${shown(must)}\n  got      ${shown(got)}`);
}

function shown(value: unknown): string {
  if (typeof value === "string") return value;
  const plain = (_key: string, part: unknown) =>
    part instanceof RegExp ? String(part) : typeof part === "number" && !Number.isFinite(part) ? String(part) : part;
  return JSON.stringify(value, plain).slice(0, 1500);
}

/** The first place where `got` is not as it must be; null where there is none. Numbers read are float32. */
function difference(must: unknown, got: unknown, path: string): string | null {
  if (typeof must === "number" && typeof got === "number") {
    const exact = path.includes(".values") ? 0 : 1e-6;
    const near = Math.abs(Math.fround(must) - got) <= exact * Math.max(1, Math.abs(must), Math.abs(got));
    return near || Object.is(Math.fround(must), got) ? null : `${path} is ${got}, not ${must}`;
  }
  if (must === null || typeof must !== "object" || got === null || typeof got !== "object") {
    return must === got ? null : `${path} is ${shown(got)}, not ${shown(must)}`;
  }
  if ("refused" in must) {
    const right = got instanceof GraderspaceError && refusedAs(must as Refused, got);
    return right ? null : `${path} is ${shown(got)}, not ${shown(must)}`;
  }
  const [wanted, there] = [Object.entries(must), got as Readonly<Record<string, unknown>>];
  const other = Object.keys(got).find((key) => !(key in must));
  if (other !== undefined) return `${path}.${other} is there`;
  for (const [key, part] of wanted) {
    const where = difference(part, there[key], `${path}.${key}`);
    if (where !== null) return where;
  }
  return null;
}

/** The value, or the error it throws. */
async function orError<T>(ask: () => T | Promise<T>): Promise<T | GraderspaceError> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof GraderspaceError)) throw error;
    return error;
  }
}

/** What was read, as plain values, and all that is said of it. */
async function described(opened: Opened, onto: Mutant["onto"]): Promise<{ what: unknown; notes: readonly Text[] }> {
  switch (opened.kind) {
    case "image":
      return pictures(opened.stack);
    case "marks": {
      if (!onto) throw new Error("marks, and no slice to lay them on");
      const graders = opened.marks.flatMap((marks) => gradersOn(marks, onto)).map(graderOf);
      return { what: { kind: "marks", graders }, notes: opened.notes };
    }
    case "pack": {
      const { pack } = opened;
      const cases = pack.index.cases.map((_, k) =>
        orError(async () => {
          const { slice, graders, ...rest } = await pack.open(k);
          return { ...rest, picture: pictureOf(slice), graders: graders.map(graderOf) };
        }),
      );
      return { what: { kind: "pack", title: pack.index.title, cases: await Promise.all(cases) }, notes: [] };
    }
    case "samples":
      return {
        what: { kind: "samples", methods: opened.samples.map(({ method, arrays }) => [method, arrays.length]) },
        notes: [],
      };
    case "session":
      return { what: { kind: "session", session: opened.session }, notes: [] };
    case "model": {
      const config = parseConfig(opened.model.config, "config.json");
      for (const [i, expected] of config.weights.entries()) {
        await verifyHash(opened.model.weights[i] as Uint8Array, expected);
      }
      const tensors = opened.model.weights.flatMap((weights) => [...readSafetensors(weights, "weights.safetensors")]);
      const listed = tensors.map(([name, { shape, values }]) => [name, { shape, values: [...values] }]);
      const what = { kind: "model", title: config.title, threshold: config.threshold };
      return { what: { ...what, tensors: Object.fromEntries(listed) }, notes: [] };
    }
  }
}

async function pictures(stack: Stack): Promise<{ what: unknown; notes: readonly Text[] }> {
  const frames: unknown[] = [];
  const notes = new Set(stack.notes);
  for (let frame = 0; frame < Math.min(stack.frames, MOST_FRAMES); frame++) {
    const slice = await orError(() => stack.slice(frame));
    if (slice instanceof GraderspaceError) frames.push(slice);
    else {
      const ofFrame = stack.notesOf?.(frame) ?? [];
      soundSlice(slice, [...stack.notes, ...ofFrame]);
      for (const note of ofFrame) notes.add(note);
      stack.label(frame);
      await stack.origin(frame);
      const graders = await orError(async () => (await stack.graders?.(frame))?.map(graderOf));
      frames.push({ ...pictureOf(slice), ...(graders ? { graders } : {}) });
    }
  }
  if (frames.every((frame) => frame instanceof GraderspaceError)) throw frames[0];
  return { what: { kind: "image", frames }, notes: [...notes] };
}

function pictureOf(slice: Slice) {
  const { width, height, unit, spacingMm, geometry, modality } = slice;
  const padding = [...(slice.padding ?? [])].flatMap((pad, i) => (pad ? [i] : []));
  const inverted = slice.inverted ?? false;
  return { width, height, values: [...slice.values], unit, spacingMm, geometry, padding, modality, inverted };
}

/** A grader's mask as the places of its pixels; null where nothing was drawn. */
function graderOf({ mask, ...rest }: Awaited<ReturnType<NonNullable<Stack["graders"]>>>[number]) {
  return { ...rest, mask: mask ? [...mask.bits].flatMap((bit, i) => (bit ? [i] : [])) : null };
}
