import * as v from "valibot";
import {
  checked,
  flag,
  hash,
  isObject,
  list,
  not,
  number,
  object,
  oneOf,
  orNull,
  pair,
  pathText,
  record,
  short,
  whole,
} from "../../core/config/checked.ts";
import type { Choice } from "../../core/config/model-config.ts";
import { GraderspaceError } from "../../core/errors.ts";
import { say, type Text } from "../../core/language/say.ts";
import { couplingNamed } from "../../core/lesion/coupling.ts";
import { presetNamed } from "../../core/lesion/decisions.ts";
import { SAMPLE_ORDERS, type SampleOrder } from "../../core/random/orders.ts";
import type { Geometry } from "../../core/values/slice.ts";
import { gridFromText } from "./grid-text.ts";
import { outlineFromText } from "./outline-text.ts";

/** What was on the screen; everything here is optional for a replay. */
interface SessionView {
  /** [centre, width] in the slice's unit; null = whole range. */
  readonly window: readonly [number, number] | null;
  readonly layer: string;
  /** By name: outlines and switches that are on. */
  readonly toggles: Readonly<Record<string, boolean>>;
  readonly zoom: number;
  /** Where the region was enlarged: zoom, and the region's column and row in the middle. */
  readonly look?: readonly [number, number, number];
}

/** How the samples were drawn. */
interface SessionChoice {
  readonly kind: Choice;
  readonly seed: number;
  readonly count: number;
  /**
   * The samples are the `count` that stand for so many draws (core/measures/representative.ts) at the session's
   * threshold, in the order of their draws, and for what share of them each stands. Missing: the first `count` draws.
   */
  readonly representative?: { readonly of: number; readonly weights: readonly number[] };
  /** The case's draw number; 0 where it is not given. */
  readonly draw?: number;
  /** How the draws belong together, where samples are chosen by z; missing: "iid". */
  readonly order?: SampleOrder;
  /** The z on the sliders, where it was not one of the drawn ones. [L] */
  readonly z?: readonly number[];
  /** u of the gate for that z, in σ; missing: it is drawn. */
  readonly u?: number;
  /** Shift of that z's sample in σ, x and y; missing: none. */
  readonly shift?: readonly [number, number];
  /**
   * The local fields under that z, before `fieldStrength`: of each spacing one grid, row by row, as float32 little-endian in
   * base64; an empty list: none. Missing (older sessions): those of the first draw.
   */
  readonly fields?: readonly string[];
  readonly fieldSeed?: number;
  readonly fieldStrength?: number;
}

/** Somebody who drew in the page, beside "You". */
export interface SessionReader {
  /** As the reader is called in the page: no two the same, and none "You". */
  readonly name: string;
  /** "#rrggbb" */
  readonly colour: string;
  /** What the reader drew on the slice, as `you`; missing: nothing. */
  readonly drawn?: string;
  /** On no picture and in no figure. */
  readonly hidden?: boolean;
  /** Said to be done before anybody else's marks were seen. */
  readonly blinded?: boolean;
}

/** A lesion that was followed from one slice of a series; seed, count, threshold and model are the session's. */
export interface SessionLesion {
  /** The slice pointed at: its number in the series, from 0. */
  readonly start: number;
  /** Column and row that the region was asked for around, on that slice. */
  readonly at: readonly [number, number];
  /** Names in core/lesion: how the draws of the slices belong together, and the sizes at which advice changes. */
  readonly coupling: string;
  readonly thresholds: string;
  /** Graders whose marks lay over the series; 0 where it is not given. */
  readonly graders?: number;
  /** The sample that the cuts outline, from 0; missing: none. */
  readonly sample?: number;
}

/** `session.json`: what it takes to get the same masks again. No file name and no patient tag. */
export interface Session {
  readonly version: 1;
  readonly app: { readonly version: string; readonly commit: string };
  readonly model: { readonly name: string; readonly sha256: string };
  readonly slice: {
    /** Of the values: float32 little-endian, row-major. */
    readonly sha256: string;
    readonly width: number;
    readonly height: number;
    readonly frame: number;
    readonly spacingMm: readonly [number, number] | null;
    readonly geometry: Geometry | null;
  };
  /** The centre that was asked for, [X, Y]; the region is moved inside the slice (core/region). */
  readonly region: readonly [number, number];
  readonly choice: SessionChoice;
  readonly threshold: number;
  /** What you drew on the slice: eight pixels a byte, row by row, the highest bit first, in base64. */
  readonly you?: string;
  /** The other readers in the page; missing: none. */
  readonly readers?: readonly SessionReader[];
  readonly view?: SessionView;
  readonly lesion?: SessionLesion;
  /** Name and detail of the backend: on the same one a replay gives the same bytes. */
  readonly backend: string;
  /** ISO 8601; the command line leaves it out, so that the same input gives the same bytes. */
  readonly created?: string;
}

const MOST_READERS = 32;
const MOST_FIELDS = 16;
/** An outline on a slice of 2²⁴ pixels takes 2.7 MiB: so many readers as the page has, or more on slices as CT has them. */
const LARGEST_FILE = 36 << 20;
const LARGEST_SIDE = 65535;

/** Session → UTF-8 JSON with its fields in one fixed order. @throws BadArgument where a field is not as it must be */
export function writeSession(session: Session): Uint8Array {
  try {
    return new TextEncoder().encode(`${JSON.stringify(sessionOf(session), null, 2)}\n`);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new GraderspaceError("BadArgument", { problem: say`the session cannot be written: ${error.message}` });
  }
}

/** @throws TooLarge, DamagedFile (no JSON, or a field that is not as it must be: the sentence names it) */
export function readSession(bytes: Uint8Array, file: string): Session {
  if (bytes.length > LARGEST_FILE) {
    throw new GraderspaceError("TooLarge", { file, problem: say`it is over 36 MiB, and no session is` });
  }
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw damaged(file, say`it is not JSON`);
  }
  let session: Session;
  try {
    session = sessionOf(json);
  } catch (error) {
    if (error instanceof RangeError) throw damaged(file, error.message);
    throw error;
  }
  const { you, readers = [], slice, choice } = session;
  if (choice.representative && choice.representative.of < choice.count)
    throw damaged(file, say`its choice.representative.of is less than its choice.count`);
  choice.fields?.forEach((text, s) => {
    if (gridFromText(text) === null) throw damaged(file, say`its choice.fields[${s}] holds no numbers in base64`);
  });
  const drawn = { you, ...Object.fromEntries(readers.map(({ drawn: text }, i) => [`readers[${i}].drawn`, text])) };
  for (const [field, text] of Object.entries(drawn)) {
    if (text !== undefined && outlineFromText(text, slice.width, slice.height) === null)
      throw damaged(file, say`its ${field} is no mask of the slice's size in base64`);
  }
  return session;
}

function damaged(file: string, problem: Text): GraderspaceError {
  return new GraderspaceError("DamagedFile", {
    file,
    problem,
    remedy: say`open a session.json that Graderspace wrote`,
  });
}

/** True for the JSON of a session of any version: what sniffing asks. */
export function looksLikeSession(json: unknown): boolean {
  return isObject(json) && "version" in json && "choice" in json && "region" in json && "slice" in json;
}

/** A name that `lookup` knows. */
function nameFor(lookup: (name: string) => unknown, wanted: string) {
  const known = (name: string) => {
    try {
      lookup(name);
      return true;
    } catch (error) {
      if (error instanceof GraderspaceError) return false;
      throw error;
    }
  };
  return v.pipe(short, v.check(known, not(wanted)));
}

const text = v.string(() => "is not text");
const triple = v.strictTuple([number(), number(), number()], not("three numbers"));
const seed = whole(-(2 ** 31), 2 ** 32 - 1);

const SESSION = object({
  version: v.literal(1, () => "is not 1"),
  app: object({ version: short, commit: short }),
  model: object({ name: short, sha256: hash }),
  slice: object({
    sha256: hash,
    width: whole(1, LARGEST_SIDE),
    height: whole(1, LARGEST_SIDE),
    frame: whole(0, 1e6),
    spacingMm: orNull(pair(number(1e-3 * (1 - 1e-6), 1e3 * (1 + 1e-6)))),
    geometry: orNull(
      object({ position: triple, rowDirection: triple, columnDirection: triple, thicknessMm: orNull(number()) }),
    ),
  }),
  region: pair(),
  choice: object({
    kind: oneOf("z", "seed", "member", "head", "samples"),
    seed,
    count: whole(1, 1000),
    representative: v.optional(object({ of: whole(1, 1000), weights: list(number(0, 1), 1000) })),
    draw: v.optional(whole(0, 2 ** 31 - 1)),
    order: v.optional(oneOf(...SAMPLE_ORDERS)),
    z: v.optional(list(number(), 1024)),
    u: v.optional(number(-10, 10)),
    shift: v.optional(pair(number(-8, 8))),
    fields: v.optional(list(text, MOST_FIELDS)),
    fieldSeed: v.optional(seed),
    fieldStrength: v.optional(number(0, 100)),
  }),
  threshold: number(0, 1),
  you: v.optional(text),
  readers: v.optional(
    list(
      object({
        name: short,
        colour: short,
        drawn: v.optional(text),
        hidden: v.optional(flag),
        blinded: v.optional(flag),
      }),
      MOST_READERS,
    ),
  ),
  view: v.optional(
    object({
      window: orNull(pair()),
      layer: short,
      toggles: record(flag),
      zoom: number(),
      look: v.optional(triple),
    }),
  ),
  lesion: v.optional(
    object({
      start: whole(0, 1e6),
      at: pair(),
      coupling: nameFor(couplingNamed, "a coupling of draws"),
      thresholds: nameFor(presetNamed, "the name of thresholds"),
      graders: v.optional(whole(0, 1000)),
      sample: v.optional(whole(0, 1e6)),
    }),
  ),
  backend: short,
  created: v.optional(short),
});

/** Known fields only, each checked, in a fixed order. @throws RangeError naming the field */
function sessionOf(json: unknown): Session {
  return checked(SESSION, json, (path) => (path.length === 0 ? "the file" : `its ${pathText(path)}`));
}
