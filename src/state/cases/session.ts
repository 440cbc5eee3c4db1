import { MOST_ZOOM, within } from "../../core/values/viewport.ts";
import { newSession } from "../../io/session/new-session.ts";
import type { Session } from "../../io/session/session.ts";
import {
  FIRST_VIEW,
  type Intent,
  LAYERS,
  type Layer,
  OUTLINES,
  REGION_FRAMED,
  type ViewIntent,
  type ZSource,
} from "../app/intent.ts";
import type { Ports } from "../app/ports.ts";
import type { State } from "../app/shape.ts";
import { currentDraw } from "../explore/latent/z.ts";
import { countOf, shownIndex } from "../explore/samples.ts";
import { hasZ } from "../models/model.ts";
import { frameOnScreen, regionCentre } from "./on-screen.ts";

/** The switch that says in a session's view where z came from, as people read it. */
const SHOWN = /^shown: sample (\d+)$/;

/** The view on the screen as a session; null while there is none. `created`: ISO 8601. */
export function sessionOf(state: State, app: Ports["app"], created: string): Session | null {
  const frame = frameOnScreen(state);
  const region = regionCentre(state);
  const info = state.model?.value;
  if (!frame || !region || !info) return null;
  const { intent } = state;
  const { source } = intent.z;
  const free = source.kind === "sample" && Object.keys(intent.z.locks).length === 0;
  const z = free || source.kind === "mean" ? undefined : currentDraw(state)?.z;
  const sample = hasZ(state) ? (source.kind === "sample" ? source.index : -1) : shownIndex(state);
  const shown = hasZ(state) && source.kind === "mean" ? "shown: prior mean" : `shown: sample ${sample + 1}`;
  const { look } = intent.view;
  const { frozenSeed, strength } = intent.fields;
  return newSession({
    app,
    config: info.config,
    slice: frame.slice,
    sha256: frame.sha256(),
    frame: intent.frame,
    region: [region[0], region[1]],
    choice: {
      kind: info.config.choice,
      seed: intent.seed,
      count: countOf(state),
      ...(z ? { z: Array.from(z) } : {}),
      ...(frozenSeed === null ? {} : { fieldSeed: frozenSeed }),
      ...(strength === 1 ? {} : { fieldStrength: strength }),
    },
    threshold: intent.threshold,
    view: {
      window: intent.view.window,
      layer: intent.view.layer,
      toggles: {
        ...intent.view.outlines,
        fill: intent.view.fill,
        network: intent.view.network,
        ...(intent.view.sliders === "auto" ? {} : { modes: intent.view.sliders === "modes" }),
        ...(z ? {} : { [shown]: true }),
      },
      zoom: intent.view.zoom,
      ...(look.zoom > 1 ? { look: [look.zoom, look.x, look.y] as const } : {}),
    },
    backend: state.backend ? `${state.backend.backend}: ${state.backend.detail}` : "unknown",
    created,
  });
}

/** What a session asks for, but the case: that is found by the slice's hash. */
export function intentOfSession(session: Session): Partial<Intent> {
  const { choice, view } = session;
  return {
    frame: session.slice.frame,
    model: session.model.name,
    region: session.region,
    seed: Math.max(0, choice.seed),
    count: choice.count,
    z: { source: sourceOf(session), locks: {} },
    fields: { strength: choice.fieldStrength ?? 1, frozenSeed: choice.fieldSeed ?? null },
    threshold: session.threshold,
    ...(view ? { view: viewOf(view) } : {}),
  };
}

function sourceOf({ choice, view }: Session): ZSource {
  if (choice.z) return { kind: "exact", z: choice.z };
  const index = Object.keys(view?.toggles ?? {})
    .map((name) => Number(SHOWN.exec(name)?.[1] ?? 0))
    .find((n) => n > 0);
  return index === undefined ? { kind: "mean" } : { kind: "sample", index: index - 1 };
}

function viewOf(view: NonNullable<Session["view"]>): ViewIntent {
  const { toggles, look } = view;
  const outlines = Object.fromEntries(
    OUTLINES.map((outline) => [outline, toggles[outline] ?? FIRST_VIEW.outlines[outline]]),
  ) as ViewIntent["outlines"];
  return {
    ...FIRST_VIEW,
    window: view.window,
    layer: (LAYERS as readonly string[]).includes(view.layer) ? (view.layer as Layer) : FIRST_VIEW.layer,
    outlines,
    fill: toggles["fill"] ?? false,
    network: toggles["network"] ?? false,
    sliders: toggles["modes"] === undefined ? "auto" : toggles["modes"] ? "modes" : "axes",
    zoom: Math.max(1, Math.min(MOST_ZOOM, view.zoom)),
    look: look ? within({ zoom: look[0], x: look[1], y: look[2] }, REGION_FRAMED) : FIRST_VIEW.look,
  };
}
