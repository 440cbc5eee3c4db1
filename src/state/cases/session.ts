import { hexOf, READER_COLOURS } from "../../core/colour/colour.ts";
import { MOST_ZOOM, within } from "../../core/values/viewport.ts";
import { gridFromText } from "../../io/session/grid-text.ts";
import { outlineFromText } from "../../io/session/outline-text.ts";
import type { Session } from "../../io/session/session.ts";
import {
  FIRST_VIEW,
  type Intent,
  LAYERS,
  type Layer,
  OUTLINES,
  REGION_FRAMED,
  type ViewIntent,
  YOU,
  type ZSource,
} from "../app/intent.ts";
import type { DrawnBefore } from "../app/shape.ts";

/** The switch that says in a session's view where z came from, as people read it. */
const SHOWN = /^shown: sample (\d+)$/;

/** What a session asks for, but the case: that is found by the slice's hash. */
export function intentOfSession(session: Session): Partial<Intent> {
  const { choice, view } = session;
  return {
    frame: session.slice.frame,
    model: session.model.name,
    region: session.region,
    seed: Math.max(0, choice.seed),
    draw: choice.draw ?? 0,
    count: choice.count,
    order: choice.order ?? "iid",
    representativeOf: choice.representative?.of ?? null,
    z: { source: sourceOf(session), locks: {}, ...(choice.u !== undefined && { presence: choice.u }) },
    fields: { strength: choice.fieldStrength ?? 1, frozenSeed: choice.fieldSeed ?? null },
    threshold: session.threshold,
    ...(view ? { view: viewOf(view) } : {}),
  };
}

/** What the session says that readers drew on its slice in the page. */
export function drawnInSession({ you, readers = [], slice }: Session): readonly DrawnBefore[] {
  const maskOf = (text: string | undefined) =>
    text === undefined ? null : outlineFromText(text, slice.width, slice.height);
  const others = readers.map(({ name, colour, drawn, hidden = false, blinded = false }): DrawnBefore => {
    const slot = READER_COLOURS.findIndex((one) => hexOf(one.colour) === colour);
    return { name, slot: YOU.slot + Math.max(0, slot), hidden, done: blinded, mask: maskOf(drawn) };
  });
  const mask = maskOf(you);
  return mask ? [{ ...YOU, done: false, mask }, ...others] : others;
}

function sourceOf({ choice, view }: Session): ZSource {
  if (choice.z) {
    const fields = choice.fields?.flatMap((text) => gridFromText(text) ?? []) ?? [];
    const { z, shift } = choice;
    return { kind: "exact", z, ...(shift && { shift }), ...(fields.length > 0 && { fields }) };
  }
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
    scaleLocked: toggles["scaleLocked"] ?? false,
    sliders: toggles["modes"] === undefined ? "auto" : toggles["modes"] ? "modes" : "axes",
    zoom: Math.max(1, Math.min(MOST_ZOOM, view.zoom)),
    look: look ? within({ zoom: look[0], x: look[1], y: look[2] }, REGION_FRAMED) : FIRST_VIEW.look,
  };
}
