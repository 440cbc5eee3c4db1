import type { SampleOrder } from "../../core/random/orders.ts";
import { type Look, lookAt, within } from "../../core/values/viewport.ts";
import type { GraderKey, Intent, Layer, Outline, Sort, ViewIntent, ZSource } from "../app/intent.ts";
import { FIRST_VIEW, MOST_SAMPLES, REACH, REGION_FRAMED, REPRESENTED } from "../app/intent.ts";
import { goTo, goToStep, openSheet } from "../app/places.ts";
import type { Sheet, View } from "../app/shape.ts";
import type { ExplorerStore } from "../app/store.ts";
import { aspectOnScreen, frameOnScreen, regionCentre, regionOrigin } from "../cases/on-screen.ts";
import { along, type Direction } from "./latent/directions.ts";
import { fieldsSource } from "./latent/fields-under.ts";
import { sigmaOf } from "./latent/z.ts";
import { lesionFrame } from "./lesion-frame.ts";

/** Everything a person can do to the latent space, the region and the view. Each is one step in the undo history. */
export function intentActions(store: ExplorerStore) {
  const state = () => store.getState();
  let beforeTour: Intent | null = null;
  const source = (next: ZSource, gesture: string | null = null) =>
    store.want((intent) => ({ ...intent, z: { ...intent.z, source: next } }), gesture);
  const view = (change: Partial<ViewIntent>, gesture: string | null = null) =>
    store.want((intent) => ({ ...intent, view: { ...intent.view, ...change } }), gesture);
  const hand = (sigma: Float32Array, gesture: string | null) => {
    const fields = fieldsSource(state().intent.z.source);
    const locks = { ...state().intent.z.locks };
    for (const axis of Object.keys(locks)) locks[Number(axis)] = sigma[Number(axis)] ?? 0;
    store.want(
      (intent) => ({
        ...intent,
        z: { ...intent.z, locks, source: { kind: "hand", sigma: Array.from(sigma, asInLinks), fields } },
      }),
      gesture,
    );
  };

  /** How closely a person looks is no step in the history. */
  const setLook = (look: Look) =>
    store.settle((intent) => ({
      ...intent,
      view: { ...intent.view, look: rounded(within(look, REGION_FRAMED)) },
    }));

  const endTour = (how: "stay" | "back" | "case stays") => {
    const before = beforeTour;
    beforeTour = null;
    goToStep(store, null);
    if (before === null || how === "stay") return;
    store.want((now) => {
      const same = now.caseId === before.caseId;
      const { caseId, frame, draw, region, model } = before;
      return {
        ...now,
        ...(how === "back" && !same && { caseId, frame, draw, region }),
        view: { ...before.view, zoom: now.view.zoom, look: now.view.look },
        model,
        z: same || how === "back" ? before.z : { source: { kind: "mean" }, locks: {} },
      };
    });
  };

  return {
    /** Moves z along some directions to the given places, in σ; all that is perpendicular stays. */
    moveTo(
      places: readonly { direction: Pick<Direction, "vector">; at: number }[],
      gesture: string | null = null,
    ): void {
      const sigma = sigmaOf(state())?.slice();
      if (!sigma) return;
      for (const { direction, at } of places) {
        const step = clamp(at, -REACH, REACH) - along(direction, sigma);
        for (let axis = 0; axis < sigma.length; axis++) {
          sigma[axis] = (sigma[axis] as number) + step * (direction.vector[axis] ?? 0);
        }
      }
      hand(sigma, gesture);
    },
    priorMean: () => source({ kind: "mean" }),
    asGrader: (grader: GraderKey) => source({ kind: "posterior", grader }),
    between: (from: GraderKey, to: GraderKey, share: number) => source({ kind: "between", from, to, share }, "between"),
    chooseSample: (index: number) => source({ kind: "sample", index }),
    /** Draws with the seed shown, and puts the first sample into the sliders. */
    drawSamples: () => source({ kind: "sample", index: 0 }),
    nextSeed: () =>
      store.want((intent) => ({ ...intent, seed: (intent.seed + 1) % 2 ** 31, z: { ...intent.z, source: FIRST } })),
    setSeed: (seed: number) =>
      store.want((intent) => ({ ...intent, seed: Math.round(clamp(seed, 0, 2 ** 31 - 1)) }), "seed"),
    setCount: (count: number) =>
      store.want((intent) => ({ ...intent, count: Math.round(clamp(count, 1, MOST_SAMPLES)) }), "count"),
    /** Samples that stand for so many draws; null: the first draws. */
    setRepresentativeOf: (draws: number | null) =>
      store.want((intent) => ({
        ...intent,
        representativeOf: draws === null ? null : Math.round(clamp(draws, REPRESENTED.least, REPRESENTED.most)),
      })),
    /** How draws of z belong together. */
    setOrder: (order: SampleOrder) => store.want((intent) => ({ ...intent, order })),
    toggleLock(axis: number): void {
      const at = sigmaOf(state())?.[axis] ?? 0;
      store.want((intent) => {
        const locks = { ...intent.z.locks };
        if (axis in locks) delete locks[axis];
        else locks[axis] = at;
        return { ...intent, z: { ...intent.z, locks } };
      });
    },
    /** u of the gate in σ; null: that of what is shown. */
    setPresence: (u: number | null) =>
      store.want(({ z: { presence: _before, ...z }, ...intent }) => {
        return { ...intent, z: { ...z, ...(u !== null && { presence: clamp(u, -REACH, REACH) }) } };
      }, "presence"),
    setFieldStrength: (strength: number) =>
      store.want(
        (intent) => ({ ...intent, fields: { ...intent.fields, strength: clamp(strength, 0, 2) } }),
        "strength",
      ),
    /** Keeps the local fields while the seed of z moves on. */
    setFrozen: (frozen: boolean) =>
      store.want((intent) => ({ ...intent, fields: { ...intent.fields, frozenSeed: frozen ? intent.seed : null } })),

    setThreshold: (threshold: number) =>
      store.want((intent) => ({ ...intent, threshold: clamp(threshold, 0.01, 0.99) }), "threshold"),
    setLayer: (layer: Layer) => view({ layer }),
    setLayerOpacity: (layerOpacity: number) => view({ layerOpacity: clamp(layerOpacity, 0, 1) }, "opacity"),
    setOutline: (outline: Outline, on: boolean) =>
      view({ outlines: { ...state().intent.view.outlines, [outline]: on } }),
    setFill: (fill: boolean) => view({ fill }),
    setBlend: (blend: ViewIntent["blend"]) => view({ blend }, "blend"),
    setNetwork: (network: boolean) => view({ network }),
    setScaleLocked: (scaleLocked: boolean) => view({ scaleLocked }),
    setWindow: (window: ViewIntent["window"], gesture: string | null = null) => view({ window }, gesture),
    setZoom: (zoom: number) => store.settle((intent) => ({ ...intent, view: { ...intent.view, zoom } })),
    setLook,
    zoomRegion: (factor: number) => {
      const { look } = state().intent.view;
      setLook({ ...look, zoom: look.zoom * factor });
    },
    wholeRegion: () => setLook(FIRST_VIEW.look),
    /** Shows what the samples may mark, large. */
    zoomOnLesion: () => {
      const box = lesionFrame(state());
      if (box) setLook(lookAt(box, { ...REGION_FRAMED, aspect: aspectOnScreen(state()) }));
    },
    setSort: (sort: Sort) => view({ sort }),
    setSliders: (sliders: ViewIntent["sliders"]) => view({ sliders }),
    /** Holds a sample for comparison; the third pushes out the first. */
    togglePin(index: number): void {
      const { pinned } = state().intent.view;
      view({ pinned: pinned.includes(index) ? pinned.filter((one) => one !== index) : [...pinned, index].slice(-2) });
    },

    /** Moves the region's centre; it stays inside the slice (core/region). */
    setRegion(x: number, y: number, gesture: string | null = null): void {
      const slice = frameOnScreen(state())?.slice;
      if (!slice) return;
      const region = [clamp(Math.round(x), 0, slice.width), clamp(Math.round(y), 0, slice.height)] as const;
      store.want((intent) => ({ ...intent, region }), gesture);
    },
    nudgeRegion(dx: number, dy: number): void {
      const origin = regionOrigin(state());
      const centre = regionCentre(state());
      const slice = frameOnScreen(state())?.slice;
      if (!origin || !centre || !slice) return;
      // From where the box is, not from where it was asked for: at the border both differ.
      const half = 64;
      const x = clamp(origin[0] + half + dx, half, Math.max(half, slice.width - half));
      const y = clamp(origin[1] + half + dy, half, Math.max(half, slice.height - half));
      store.want((intent) => ({ ...intent, region: [x, y] }), "nudge");
    },
    setModel: (model: string) =>
      store.want((intent) => ({ ...intent, model, z: { source: { kind: "mean" }, locks: {} } })),

    undo: () => store.undo(),
    redo: () => store.redo(),
    /** Fills the page with a view, or opens a sheet over it; null closes the sheet. */
    show: (what: View | Sheet) => (isView(what) ? goTo(store, what) : openSheet(store, what)),
    /** Several things at once, as a step of the tour puts them: one step of Undo. */
    showAtOnce: (change: Partial<ViewIntent>, next: Partial<Pick<Intent, "model">> & { readonly source?: ZSource }) =>
      store.want((intent) => {
        const wanted: Intent = {
          ...intent,
          model: next.model ?? intent.model,
          z: next.source ? { source: next.source, locks: {} } : intent.z,
          view: { ...intent.view, ...change },
        };
        return JSON.stringify(wanted) === JSON.stringify(intent) ? intent : wanted;
      }),
    /** The tour changes model, z and view as it tells; where it is left midway, the person is back where it began. */
    setTour(tour: number | null): void {
      if (tour === null) endTour("case stays");
      else {
        if (state().tour === null) beforeTour = state().intent;
        goToStep(store, tour);
      }
    },
    /** At the tour's end the view stays as it told last, or all is put back to where it began, with the case. */
    endTour: (how: "stay" | "back") => endTour(how),
  };
}

const VIEWS: readonly (View | Sheet)[] = [
  "explorer",
  "lesion",
  "compare",
  "evaluate",
  "agreement",
  "lesions",
  "teach",
  "learn",
  "train",
];

function isView(what: View | Sheet): what is View {
  return VIEWS.includes(what);
}

/** In σ, as many digits as the share link holds: what it brings back is then the same picture. */
function asInLinks(sigma: number): number {
  return Number(sigma.toFixed(4));
}

const FIRST: ZSource = { kind: "sample", index: 0 };

/** As exact as a link says it, so that the link gives the same picture. */
function rounded({ zoom, x, y }: Look): Look {
  const thousandths = (value: number) => Math.round(1000 * value) / 1000;
  return { zoom: thousandths(zoom), x: thousandths(x), y: thousandths(y) };
}

function clamp(value: number, low: number, high: number): number {
  return Number.isFinite(value) ? Math.max(low, Math.min(high, value)) : low;
}
