import { SAMPLE_ORDERS } from "../../core/random/orders.ts";
import { type Look, MOST_ZOOM, within } from "../../core/values/viewport.ts";
import {
  FIRST_INTENT,
  FIRST_VIEW,
  type FieldsSource,
  type GraderKey,
  type Intent,
  LAYERS,
  type Layer,
  MOST_SAMPLES,
  OUTLINES,
  REACH,
  REGION_FRAMED,
  REPRESENTED,
  type ReaderId,
  type ViewIntent,
  type Way,
  type ZIntent,
  type ZSource,
} from "./intent.ts";

/** What a link says: parts of the intent, and which slice they are about. */
export interface Linked {
  readonly intent: Partial<Intent>;
  /** What it calls the case: the page may know no such one. */
  readonly caseName: string | null;
  /** First 8 hexadecimal digits of the sha256 of an own slice. */
  readonly own: string | null;
}

/** A side of a picture has no more. */
const MOST_PIXELS = 65_535;
/** No z lies so far out; past it the logits are no numbers. */
const FARTHEST_SIGMA = 1000;

/** Digits of an own slice's hash that a link carries. */
export const OWN_DIGITS = 8;

/**
 * The intent as an address's hash, without "#". Only what differs from the first view is written, so links stay short.
 * `own`: sha256 of the slice where it is the person's own; neither its name nor its key is in the link.
 */
export function intentToHash(intent: Intent, own: string | null): string {
  const words: [string, string][] = [];
  const say = (key: string, value: string, plain?: string) => {
    if (value !== plain) words.push([key, value]);
  };
  if (own !== null) say("own", own.slice(0, OWN_DIGITS));
  else say("case", intent.caseId ?? "", "");
  say("frame", String(intent.frame), "0");
  say("model", intent.model, "");
  if (intent.region) say("at", intent.region.join(","));
  say("seed", String(intent.seed), "0");
  say("draw", String(intent.draw), "0");
  say("n", String(intent.count), "16");
  if (intent.representativeOf !== null) say("of", String(intent.representativeOf));
  say("order", intent.order, "iid");
  say("z", sourceText(intent.z.source), "mean");
  say("lock", locksText(intent.z.locks), "");
  say("strength", String(intent.fields.strength), "1");
  if (intent.z.presence !== undefined) say("u", String(intent.z.presence));
  if (intent.fields.frozenSeed !== null) say("frozen", String(intent.fields.frozenSeed));
  say("t", String(intent.threshold), "0.5");
  sayView(intent.view, say);
  return words
    .map(([key, value]) => `${key}=${encodeURIComponent(value).replaceAll("%2C", ",").replaceAll("%3A", ":")}`)
    .join("&");
}

function sayView(view: ViewIntent, say: (key: string, value: string, plain?: string) => void): void {
  say("layer", view.layer, FIRST_VIEW.layer);
  say("opacity", String(view.layerOpacity), String(FIRST_VIEW.layerOpacity));
  const on = (outlines: ViewIntent["outlines"]) => OUTLINES.filter((outline) => outlines[outline]).join(",");
  say("out", on(view.outlines), on(FIRST_VIEW.outlines));
  say("window", view.window?.map((part) => round(part, 1)).join(",") ?? "full", FIRST_VIEW.window?.join(","));
  if (view.fill) say("fill", "1");
  if (view.network) say("network", "1");
  if (view.scaleLocked) say("scale", "locked");
  if (view.blend) say("blend", `${graderText(view.blend.grader)}@${view.blend.share}`);
  say("zoom", String(round(view.zoom, 3)), "1");
  const { zoom, x, y } = view.look;
  if (zoom > 1) say("look", [zoom, x, y].map((part) => round(part, 3)).join(","));
  say("sort", view.sort, "draw");
  say("pin", view.pinned.map((index) => index + 1).join(","), "");
  say("sliders", view.sliders, FIRST_VIEW.sliders);
}

/** What of a link means the same for every case: no z, no box, no frame, nothing that counts its samples or graders. */
export function ofAnyCase({
  z: _z,
  region: _region,
  frame: _frame,
  draw: _draw,
  view,
  ...rest
}: Partial<Intent>): Partial<Intent> {
  if (!view) return rest;
  const { blend, pinned, look } = FIRST_VIEW;
  return { ...rest, view: { ...view, blend, pinned, look } };
}

/** What a hash says; words it does not know and values that make no sense are left out. */
export function hashToIntent(hash: string): Linked {
  const words = new URLSearchParams(hash.replace(/^#/, ""));
  const intent: { -readonly [K in keyof Intent]?: Intent[K] } = {};
  const text = (key: string) => words.get(key);
  const own = text("own");
  if (text("model")) intent.model = text("model") as string;
  const region = place(text("at"));
  if (region) intent.region = region;
  set(whole(text("frame"), 0, 1e6), (frame) => (intent.frame = frame));
  set(whole(text("seed"), 0, 2 ** 31 - 1), (seed) => (intent.seed = seed));
  intent.draw = whole(text("draw"), 0, 2 ** 31 - 1) ?? 0; // a link of before the draw rule means 0
  set(whole(text("n"), 1, MOST_SAMPLES), (count) => (intent.count = count));
  intent.representativeOf = whole(text("of"), REPRESENTED.least, REPRESENTED.most);
  intent.order = SAMPLE_ORDERS.find((order) => order === text("order")) ?? "iid";
  set(number(text("t"), 0.01, 0.99), (threshold) => (intent.threshold = threshold));
  const presence = number(text("u"), -REACH, REACH);
  const source = sourceOf(text("z")) ?? { kind: "mean" };
  const z: ZIntent = { source, locks: locksOf(text("lock")), ...(presence !== null && { presence }) };
  if (text("z") || text("lock") || presence !== null) intent.z = z;
  const strength = number(text("strength"), 0, 2);
  const frozenSeed = whole(text("frozen"), 0, 2 ** 31 - 1);
  if (strength !== null || frozenSeed !== null) {
    intent.fields = { strength: strength ?? FIRST_INTENT.fields.strength, frozenSeed };
  }
  const view = viewOf(words);
  if (Object.keys(view).length > 0) intent.view = { ...FIRST_VIEW, ...view };
  return { intent, caseName: text("case") || null, own: own && /^[0-9a-f]{8}$/.test(own) ? own : null };
}

function viewOf(words: URLSearchParams): Partial<ViewIntent> {
  const view: { -readonly [K in keyof ViewIntent]?: ViewIntent[K] } = {};
  const layer = words.get("layer");
  if (layer !== null && (LAYERS as readonly string[]).includes(layer)) view.layer = layer as Layer;
  set(number(words.get("opacity"), 0, 1), (opacity) => (view.layerOpacity = opacity));
  const out = words.get("out");
  if (out !== null) {
    const on = out.split(",");
    view.outlines = Object.fromEntries(
      OUTLINES.map((outline) => [outline, on.includes(outline)]),
    ) as ViewIntent["outlines"];
  }
  const window = words.get("window");
  const sides = pair(window);
  if (window === "full") view.window = null;
  else if (sides && sides[1] > 0) view.window = sides;
  if (words.get("fill") === "1") view.fill = true;
  if (words.get("network") === "1") view.network = true;
  if (words.get("scale") === "locked") view.scaleLocked = true;
  const [grader, share] = words.get("blend")?.split("@") ?? [];
  const blended = graderOf(grader ?? "");
  const amount = number(share ?? null, 0, 1);
  if (blended !== null && amount !== null) view.blend = { grader: blended, share: amount };
  set(number(words.get("zoom"), 1, MOST_ZOOM), (zoom) => (view.zoom = zoom));
  set(lookOf(words.get("look")), (look) => (view.look = look));
  if (words.get("sort") === "area") view.sort = "area";
  const pins = (words.get("pin") ?? "").split(",").map((pin) => whole(pin, 1, REPRESENTED.most));
  const pinned = pins.flatMap((pin) => (pin === null ? [] : [pin - 1])).slice(0, 2);
  if (pinned.length > 0) view.pinned = pinned;
  const sliders = words.get("sliders");
  if (sliders === "auto" || sliders === "axes" || sliders === "modes") view.sliders = sliders;
  return view;
}

/** "mean", "s7", "g2", "gyou", "gr7" for the reader r7, "g1-g3@0.4", "h0.1,-2,…" with ";f7" for the fields of sample 7 and ";g2", ";g1-g3@0.4" for graders', "x…" for an exact z. */
function sourceText(source: ZSource): string {
  switch (source.kind) {
    case "mean":
      return "mean";
    case "sample":
      return `s${source.index + 1}`;
    case "posterior":
      return graderText(source.grader);
    case "between":
      return betweenText(source);
    case "hand":
      return `h${source.sigma.map((value) => round(value, 4)).join(",")}${fieldsText(source.fields)}`;
    case "exact":
      return `x${source.z.join(",")}`;
  }
}

function sourceOf(text: string | null): ZSource | null {
  if (text === null) return null;
  if (text === "mean") return { kind: "mean" };
  const sample = /^s(\d+)$/.exec(text);
  if (sample) return { kind: "sample", index: Math.min(REPRESENTED.most, Math.max(1, Number(sample[1]))) - 1 };
  const between = betweenOf(text);
  if (between) return { kind: "between", ...between };
  const grader = graderOf(text);
  if (grader !== null) return { kind: "posterior", grader };
  const hand = /^h([-+\d.,e]+)(?:;([fg][\w@.-]+))?$/.exec(text);
  if (hand) {
    const sigma = latent(hand[1] ?? "");
    return sigma ? { kind: "hand", sigma, fields: fieldsOf(hand[2] ?? "") } : null;
  }
  const exact = /^x([-+\d.,e]+)$/.exec(text);
  const z = exact ? latent(exact[1] ?? "") : null;
  return z ? { kind: "exact", z } : null;
}

function betweenText({ from, to, share }: Way): string {
  return `${graderText(from)}-${graderText(to)}@${round(share, 3)}`;
}

function betweenOf(text: string): Way | null {
  const found = /^(g\w+)-(g\w+)@([\d.]+)$/.exec(text);
  if (!found) return null;
  const [from, to, share] = [graderOf(found[1] ?? ""), graderOf(found[2] ?? ""), number(found[3] ?? null, 0, 1)];
  return from !== null && to !== null && share !== null ? { from, to, share } : null;
}

function fieldsText(fields: FieldsSource): string {
  if (fields === null || (typeof fields === "object" && "given" in fields)) return ""; // too many numbers for a link
  if (typeof fields === "number") return `;f${fields + 1}`;
  return `;${fields.from === fields.to ? graderText(fields.from) : betweenText(fields)}`;
}

function fieldsOf(text: string): FieldsSource {
  const sample = /^f(\d+)$/.exec(text);
  if (sample) {
    const index = whole(sample[1] ?? null, 1, REPRESENTED.most);
    return index === null ? null : index - 1;
  }
  const grader = graderOf(text);
  return grader === null ? betweenOf(text) : { from: grader, to: grader, share: 0 };
}

function graderText(grader: GraderKey): string {
  return typeof grader === "number" ? `g${grader + 1}` : `g${grader}`;
}

function graderOf(text: string): GraderKey | null {
  if (/^g(you|r\d{1,10})$/.test(text)) return text.slice(1) as ReaderId;
  const found = /^g(\d{1,2})$/.exec(text);
  return found && Number(found[1]) > 0 ? Number(found[1]) - 1 : null;
}

function locksText(locks: ZIntent["locks"]): string {
  return Object.entries(locks)
    .map(([axis, value]) => `${Number(axis) + 1}:${round(value, 4)}`)
    .join(",");
}

function locksOf(text: string | null): Record<number, number> {
  const locks: Record<number, number> = {};
  for (const part of text?.split(",") ?? []) {
    const [axis, value] = part.split(":").map(Number);
    if (
      axis !== undefined &&
      value !== undefined &&
      Number.isInteger(axis) &&
      axis >= 1 &&
      axis <= 1024 &&
      Math.abs(value) <= FARTHEST_SIGMA
    )
      locks[axis - 1] = value;
  }
  return locks;
}

function lookOf(text: string | null): Look | null {
  const [zoom, x, y] = (text === null ? null : numbers(text)) ?? [];
  if (zoom === undefined || x === undefined || y === undefined || zoom < 1 || zoom > MOST_ZOOM) return null;
  return within({ zoom, x, y }, REGION_FRAMED);
}

function set<T>(value: T | null, take: (value: T) => void): void {
  if (value !== null) take(value);
}

function number(text: string | null, low: number, high: number): number | null {
  const value = text === null || text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) && value >= low && value <= high ? value : null;
}

function whole(text: string | null, low: number, high: number): number | null {
  const value = number(text, low, high);
  return value !== null && Number.isInteger(value) ? value : null;
}

function numbers(text: string): number[] | null {
  const parts = text.split(",");
  if (parts.length > 1024 || parts.some((part) => part.trim() === "")) return null;
  const values = parts.map(Number);
  return values.every(Number.isFinite) ? values : null;
}

/** A z, or a place in σ; its length is held against the model once that is known. */
function latent(text: string): number[] | null {
  const values = numbers(text);
  return values?.every((value) => Math.abs(value) <= FARTHEST_SIGMA) ? values : null;
}

function pair(text: string | null): [number, number] | null {
  const values = text === null ? null : numbers(text);
  return values?.length === 2 ? (values as [number, number]) : null;
}

/** Column and row, in whole pixels. */
function place(text: string | null): [number, number] | null {
  const at = pair(text);
  return at?.every((value) => Number.isInteger(value) && value >= 0 && value <= MOST_PIXELS) ? at : null;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
