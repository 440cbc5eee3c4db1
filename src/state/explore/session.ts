import { hexOf, slotRgb } from "../../core/colour/colour.ts";
import { gridToText } from "../../io/session/grid-text.ts";
import { newSession } from "../../io/session/new-session.ts";
import { outlineToText } from "../../io/session/outline-text.ts";
import type { Session, SessionReader } from "../../io/session/session.ts";
import type { CaseId } from "../app/identity.ts";
import { YOU } from "../app/intent.ts";
import type { Ports } from "../app/ports.ts";
import type { State } from "../app/shape.ts";
import { doneKey, drawnBy, frameOnScreen, regionCentre, yourMask } from "../cases/on-screen.ts";
import { hasZ } from "../models/model.ts";
import { fieldsUnder } from "./latent/fields-under.ts";
import { currentDraw, hasFields, hasGate } from "./latent/z.ts";
import { chosenDraws } from "./masks.ts";
import { countOf, drawnCount, orderOf, shownIndex } from "./samples.ts";

/** The view on the screen as a session; null while there is none. `created`: ISO 8601. */
export function sessionOf(state: State, app: Ports["app"], created: string): Session | null {
  const frame = frameOnScreen(state);
  const region = regionCentre(state);
  const info = state.model?.value;
  if (!frame || !region || !info) return null;
  const { intent } = state;
  const yours = yourMask(state);
  const readers = otherReaders(state, frame.caseId);
  const { source } = intent.z;
  const free = source.kind === "sample" && Object.keys(intent.z.locks).length === 0;
  const drawn = (free || source.kind === "mean") && (intent.z.presence === undefined || !hasGate(state));
  const { z, u, shift } = (drawn ? null : currentDraw(state)) ?? {};
  const under = z && hasFields(state) ? fieldsUnder(state) : undefined;
  const sample = hasZ(state) ? (source.kind === "sample" ? source.index : -1) : shownIndex(state);
  const shown = hasZ(state) && source.kind === "mean" ? "shown: prior mean" : `shown: sample ${sample + 1}`;
  const { look } = intent.view;
  const { weights } = chosenDraws(state);
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
      ...(intent.draw === 0 ? {} : { draw: intent.draw }),
      count: countOf(state),
      ...(orderOf(state) === "iid" ? {} : { order: orderOf(state) }),
      ...(weights === null ? {} : { representative: { of: drawnCount(state), weights } }),
      ...(z ? { z: Array.from(z) } : {}),
      ...(u !== undefined && Number.isFinite(u) ? { u } : {}), // always drawn: without
      ...(shift ? { shift } : {}),
      ...(under === undefined || under === "waiting" ? {} : { fields: (under ?? []).map(gridToText) }),
      ...(frozenSeed === null ? {} : { fieldSeed: frozenSeed }),
      ...(strength === 1 ? {} : { fieldStrength: strength }),
    },
    threshold: intent.threshold,
    ...(yours ? { you: outlineToText(yours) } : {}),
    ...(readers.length > 0 ? { readers } : {}),
    view: {
      window: intent.view.window,
      layer: intent.view.layer,
      toggles: {
        ...intent.view.outlines,
        fill: intent.view.fill,
        network: intent.view.network,
        ...(intent.view.scaleLocked ? { scaleLocked: true } : {}),
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

/** The readers in the page beside "You", with what they drew on the slice on the screen. */
function otherReaders(state: State, caseId: CaseId): readonly SessionReader[] {
  return state.readers
    .filter(({ id }) => id !== YOU.id)
    .map(({ id, name, slot, hidden }) => {
      const mask = drawnBy(state, id);
      return {
        name,
        colour: hexOf(slotRgb(slot)),
        ...(mask ? { drawn: outlineToText(mask) } : {}),
        ...(hidden ? { hidden } : {}),
        ...(state.blinding.done.has(doneKey(id, caseId)) ? { blinded: true } : {}),
      };
    });
}
