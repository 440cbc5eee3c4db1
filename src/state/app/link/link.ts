import { FIRST_VIEW, type Intent } from "../intent.ts";
import { drawsSaid, sayDraws } from "./draws.ts";
import { sayView, viewSaid } from "./view.ts";
import { numberIn, pairIn, type Say, whenThere, wholeIn } from "./words.ts";

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

/** Digits of an own slice's hash that a link carries. */
const OWN_DIGITS = 8;

/**
 * The intent as an address's hash, without "#". Only what differs from the first view is written, so links stay short.
 * `own`: sha256 of the slice where it is the person's own; neither its name nor its key is in the link.
 */
export function intentToHash(intent: Intent, own: string | null): string {
  const words: [string, string][] = [];
  const say: Say = (key, value, plain) => {
    if (value !== plain) words.push([key, value]);
  };
  if (own !== null) say("own", own.slice(0, OWN_DIGITS));
  else say("case", intent.caseId ?? "", "");
  say("frame", String(intent.frame), "0");
  say("model", intent.model, "");
  if (intent.region) say("at", intent.region.join(","));
  sayDraws(intent, say);
  say("t", String(intent.threshold), "0.5");
  sayView(intent.view, say);
  return words
    .map(([key, value]) => `${key}=${encodeURIComponent(value).replaceAll("%2C", ",").replaceAll("%3A", ":")}`)
    .join("&");
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
  const intent: { -readonly [K in keyof Intent]?: Intent[K] } = { ...drawsSaid(words) };
  const text = (key: string) => words.get(key);
  const own = text("own");
  if (text("model")) intent.model = text("model") as string;
  const region = placeIn(text("at"));
  if (region) intent.region = region;
  whenThere(wholeIn(text("frame"), 0, 1e6), (frame) => (intent.frame = frame));
  whenThere(numberIn(text("t"), 0.01, 0.99), (threshold) => (intent.threshold = threshold));
  const view = viewSaid(words);
  if (Object.keys(view).length > 0) intent.view = { ...FIRST_VIEW, ...view };
  return { intent, caseName: text("case") || null, own: own && /^[0-9a-f]{8}$/.test(own) ? own : null };
}

/** Column and row, in whole pixels. */
function placeIn(text: string | null): [number, number] | null {
  const at = pairIn(text);
  return at?.every((value) => Number.isInteger(value) && value >= 0 && value <= MOST_PIXELS) ? at : null;
}
