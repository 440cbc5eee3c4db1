import type { Choice } from "../../core/config/model-config.ts";
import { GraderspaceError } from "../../core/errors.ts";
import type { Geometry } from "../../core/values/slice.ts";
import {
  booleans,
  finite,
  integer,
  isObject,
  list,
  nullable,
  object,
  oneOf,
  optional,
  text,
  triple,
} from "../bytes/json-check.ts";

/** What was on the screen; everything here is optional for a replay. */
export interface SessionView {
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
export interface SessionChoice {
  readonly kind: Choice;
  readonly seed: number;
  readonly count: number;
  /** The z on the sliders, where it was not one of the drawn ones. [L] */
  readonly z?: readonly number[];
  readonly fieldSeed?: number;
  readonly fieldStrength?: number;
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
  readonly view?: SessionView;
  /** Name and detail of the backend: on the same one a replay gives the same bytes. */
  readonly backend: string;
  /** ISO 8601; the command line leaves it out, so that the same input gives the same bytes. */
  readonly created?: string;
}

const LARGEST_FILE = 1 << 20;
const LARGEST_SIDE = 65535;

/** Session → UTF-8 JSON with its fields in one fixed order. @throws BadArgument where a field is not as it must be */
export function writeSession(session: Session): Uint8Array {
  try {
    return new TextEncoder().encode(`${JSON.stringify(checked(session), null, 2)}\n`);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new GraderspaceError("BadArgument", { problem: `the session cannot be written: ${error.message}` });
  }
}

/** @throws TooLarge, DamagedFile (no JSON, or a field that is not as it must be: the sentence names it) */
export function readSession(bytes: Uint8Array, file: string): Session {
  if (bytes.length > LARGEST_FILE) {
    throw new GraderspaceError("TooLarge", { file, problem: "it is over 1 MiB, and no session is" });
  }
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw damaged(file, "it is not JSON");
  }
  try {
    return checked(json);
  } catch (error) {
    if (error instanceof RangeError) throw damaged(file, error.message);
    throw error;
  }
}

function damaged(file: string, problem: string): GraderspaceError {
  return new GraderspaceError("DamagedFile", { file, problem, remedy: "open a session.json that Graderspace wrote" });
}

/** True for the JSON of a session of any version: what sniffing asks. */
export function looksLikeSession(json: unknown): boolean {
  return isObject(json) && "version" in json && "choice" in json && "region" in json && "slice" in json;
}

/** Known fields only, each checked, in a fixed order. @throws RangeError naming the field */
function checked(json: unknown): Session {
  const top = object(json, "the file");
  if (top["version"] !== 1) throw new RangeError("its version is not 1");
  const app = object(top["app"], "app");
  const model = object(top["model"], "model");
  const slice = object(top["slice"], "slice");
  return {
    version: 1,
    app: { version: text(app["version"], "app.version"), commit: text(app["commit"], "app.commit") },
    model: { name: text(model["name"], "model.name"), sha256: hash(model["sha256"], "model.sha256") },
    slice: {
      sha256: hash(slice["sha256"], "slice.sha256"),
      width: integer(slice["width"], "slice.width", 1, LARGEST_SIDE),
      height: integer(slice["height"], "slice.height", 1, LARGEST_SIDE),
      frame: integer(slice["frame"], "slice.frame", 0, 1e6),
      spacingMm: nullable(slice["spacingMm"], (value) => pair(value, "slice.spacingMm")),
      geometry: nullable(slice["geometry"], geometry),
    },
    region: pair(top["region"], "region"),
    choice: choice(top["choice"]),
    threshold: finite(top["threshold"], "threshold", 0, 1),
    ...optional(top["view"], "view", view),
    backend: text(top["backend"], "backend"),
    ...optional(top["created"], "created", (value) => text(value, "created")),
  };
}

function choice(json: unknown): SessionChoice {
  const from = object(json, "choice");
  return {
    kind: oneOf(from["kind"], "choice.kind", ["z", "seed", "member", "head"] as const),
    seed: integer(from["seed"], "choice.seed", -(2 ** 31), 2 ** 32 - 1),
    count: integer(from["count"], "choice.count", 1, 1000),
    ...optional(from["z"], "z", (value) => list(value, "choice.z", 1024).map((z) => finite(z, "choice.z"))),
    ...optional(from["fieldSeed"], "fieldSeed", (value) => integer(value, "choice.fieldSeed", -(2 ** 31), 2 ** 32 - 1)),
    ...optional(from["fieldStrength"], "fieldStrength", (value) => finite(value, "choice.fieldStrength", 0, 100)),
  };
}

function view(json: unknown): SessionView {
  const from = object(json, "view");
  return {
    window: nullable(from["window"], (value) => pair(value, "view.window")),
    layer: text(from["layer"], "view.layer"),
    toggles: booleans(from["toggles"], "view.toggles"),
    zoom: finite(from["zoom"], "view.zoom"),
    ...optional(from["look"], "look", (value) => triple(value, "view.look")),
  };
}

function geometry(json: unknown): Geometry {
  const from = object(json, "slice.geometry");
  return {
    position: triple(from["position"], "slice.geometry.position"),
    rowDirection: triple(from["rowDirection"], "slice.geometry.rowDirection"),
    columnDirection: triple(from["columnDirection"], "slice.geometry.columnDirection"),
    thicknessMm: nullable(from["thicknessMm"], (value) => finite(value, "slice.geometry.thicknessMm")),
  };
}

function pair(json: unknown, name: string): [number, number] {
  const values = list(json, name, 2);
  if (values.length !== 2) throw new RangeError(`its ${name} is not two numbers`);
  return [finite(values[0], name), finite(values[1], name)];
}

function hash(json: unknown, name: string): string {
  const value = text(json, name);
  if (!/^[0-9a-f]{64}$/.test(value)) throw new RangeError(`its ${name} is not 64 hexadecimal digits`);
  return value;
}
