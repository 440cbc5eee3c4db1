import { say, type Text } from "../../core/language/say.ts";
import type { SampleOrder } from "../../core/random/orders.ts";
import { REGION } from "../../core/values/region.ts";
import { type Look, wholeLook } from "../../core/values/viewport.ts";
import type { CaseId } from "./identity.ts";

/** Everything a person can want of the page: small, serialisable, in the share link and in the undo history. */
export interface Intent {
  /** Null until the first case is known. */
  readonly caseId: CaseId | null;
  /** Frame of a stack, from 0. */
  readonly frame: number;
  readonly model: string;
  /** Centre that was asked for; null = the case's own. */
  readonly region: readonly [number, number] | null;
  readonly seed: number;
  /** The case's draw number: samples depend on (seed, draw, i) alone (formats.md, "One draw rule"). */
  readonly draw: number;
  readonly count: number;
  /** The samples are the `count` of so many draws that stand for all of them; null: the first `count` draws. */
  readonly representativeOf: number | null;
  /** How the draws belong together; of no account where samples are not drawn by z. */
  readonly order: SampleOrder;
  readonly z: ZIntent;
  /** The local fields, where the model has them: what the sliders do not show. */
  readonly fields: FieldsIntent;
  readonly threshold: number;
  readonly view: ViewIntent;
}

/** Where z comes from; it is always named on the page. Samples and graders count from 0. */
export type ZSource =
  | { readonly kind: "mean" }
  | { readonly kind: "sample"; readonly index: number }
  | { readonly kind: "posterior"; readonly grader: GraderKey }
  | { readonly kind: "between"; readonly from: GraderKey; readonly to: GraderKey; readonly share: number }
  /** `fields`: whose local fields stay under the hand-moved z. */
  | { readonly kind: "hand"; readonly sigma: readonly number[]; readonly fields: FieldsSource }
  /** z itself, out of a session: in σ only once the prior is known; `shift` and `fields` as in a draw, before the strength. */
  | {
      readonly kind: "exact";
      readonly z: readonly number[];
      readonly shift?: readonly [number, number];
      readonly fields?: readonly Float32Array[];
    };

/** Local fields by where they come from: a sample, graders' posteriors, a session, or none. */
export type FieldsSource = number | Way | { readonly given: readonly Float32Array[] } | null;

/** A place between two graders; of one alone `from` is `to`. */
export interface Way {
  readonly from: GraderKey;
  readonly to: GraderKey;
  readonly share: number;
}

/** A grader of the case by place, or a reader who draws in the page. */
export type GraderKey = number | ReaderId;
/** The first reader in the page is there always; the others have a number that no other reader has. */
export type ReaderId = "you" | `r${number}`;

export interface ZIntent {
  readonly source: ZSource;
  /** Axes held where they are, by index, in units of the prior's σ. */
  readonly locks: Readonly<Record<number, number>>;
  /** u of the gate by hand, in σ, where the model has one; missing: that of what is shown. */
  readonly presence?: number;
}

/** Somebody who draws in the page. */
export interface PageReader {
  readonly id: ReaderId;
  /** No two readers have the same. */
  readonly name: string;
  /** Colour slot, from 4: the four before are those of the case's graders. */
  readonly slot: number;
  /** On no picture and in no figure. */
  readonly hidden: boolean;
}

/** The reader who is there always; so called in files. */
export const YOU: PageReader = { id: "you", name: "You", slot: 4, hidden: false };

/** What the page calls a reader: "You" in its language, everybody else as they were named. */
export function nameShown({ id, name }: Pick<PageReader, "id" | "name">): Text {
  return id === YOU.id ? say`You` : name;
}

export interface FieldsIntent {
  /** Factor on the drawn fields; 0 = off. */
  readonly strength: number;
  /** Seed that the fields keep while the seed of z moves on; null = they follow it. */
  readonly frozenSeed: number | null;
}

export type Layer = "none" | "mean" | "variance" | "entropy" | "disagreement" | "grader-disagreement";
export type Outline = "sample" | "all" | "quantiles" | "graders" | "majority" | "staple";
/** What the pointer does over the region: nothing, or draw an outline, with the lasso or with a round brush. */
export type Lasso = "off" | "redraw" | "add" | "subtract" | "brush" | "erase";
export type Sort = "draw" | "area";

export interface ViewIntent {
  /** [centre, width] in the slice's unit; null = the whole range of the slice. */
  readonly window: readonly [number, number] | null;
  readonly layer: Layer;
  readonly layerOpacity: number;
  readonly outlines: Readonly<Record<Outline, boolean>>;
  /** The chosen sample as a tinted area, beside its outline. */
  readonly fill: boolean;
  /** Blend of the chosen sample (0) with a grader (1). */
  readonly blend: { readonly grader: GraderKey; readonly share: number } | null;
  /** The region as the network sees it: min–max scaled. */
  readonly network: boolean;
  /** Colour bars span the whole range of their measure, the same for every case and system. */
  readonly scaleLocked: boolean;
  /** Zoom of the slice. */
  readonly zoom: number;
  /** How the region is looked at. */
  readonly look: Look;
  readonly sort: Sort;
  /** Samples held side by side. */
  readonly pinned: readonly number[];
  /** The model's own axes, or the modes of this case; auto: modes where z may be turned freely, as its prior is N(0, I). */
  readonly sliders: "auto" | "axes" | "modes";
}

export const LAYERS: readonly Layer[] = ["none", "mean", "variance", "entropy", "disagreement", "grader-disagreement"];
export const OUTLINES: readonly Outline[] = ["sample", "all", "quantiles", "graders", "majority", "staple"];
export const MOST_SAMPLES = 100;
/** Draws that representative samples may stand for. */
export const REPRESENTED = { least: 64, most: 256, usual: 128 } as const;
/** Reach of a slider and of the plane, in σ. */
export const REACH = 4;

export const LUNG: readonly [number, number] = [-600, 1500];

/** The region as a picture in a square frame: zoom and places mean the same in a frame of any size. */
export const REGION_FRAMED = { width: REGION, height: REGION, frameWidth: 1, frameHeight: 1 };

export const FIRST_VIEW: ViewIntent = {
  window: LUNG,
  layer: "variance",
  layerOpacity: 0.75,
  outlines: { sample: true, all: false, quantiles: false, graders: true, majority: false, staple: false },
  fill: false,
  blend: null,
  network: false,
  scaleLocked: false,
  zoom: 1,
  look: wholeLook(REGION_FRAMED),
  sort: "draw",
  pinned: [],
  sliders: "auto",
};

export const FIRST_INTENT: Intent = {
  caseId: null,
  frame: 0,
  model: "",
  region: null,
  seed: 0,
  draw: 0,
  count: 16,
  representativeOf: null,
  order: "iid",
  z: { source: { kind: "mean" }, locks: {} },
  fields: { strength: 1, frozenSeed: null },
  threshold: 0.5,
  view: FIRST_VIEW,
};

/** Another case starts at its own region, with z at the prior mean: what was chosen by hand belonged to the other. */
export function onCase(
  intent: Intent,
  { id, draw, frame }: { readonly id: CaseId; readonly draw: number; readonly frame: number },
): Intent {
  return {
    ...intent,
    caseId: id,
    frame,
    draw,
    region: null,
    z: { source: { kind: "mean" }, locks: {} },
    view: { ...intent.view, blend: null, pinned: [], look: FIRST_VIEW.look },
  };
}
