import { slotRgb } from "../../core/colour/colour.ts";
import { DEFAULT_COUPLING } from "../../core/lesion/coupling.ts";
import type { Ports } from "../app/ports.ts";
import type { State } from "../app/shape.ts";
import { caseOnScreen, frameOnScreen, regionCentre } from "../cases/on-screen.ts";
import type { Download } from "../explore/export.ts";
import { sessionOf } from "../explore/session.ts";
import { lesionOnScreen } from "./keys.ts";
import { thresholdsWord } from "./link.ts";
import { graderSlots } from "./select.ts";

/** The lesion's files as one zip, as the command line's `lesion` writes them, with pictures by their names. `created`: ISO 8601. */
export async function exportLesionView(
  state: State,
  app: Ports["app"],
  created: string,
  figures: Readonly<Record<string, Uint8Array>>,
): Promise<Download> {
  const followed = lesionOnScreen(state);
  const [found, frame, at] = [caseOnScreen(state), frameOnScreen(state), regionCentre(state)];
  const session = sessionOf(state, app, created);
  if (!followed?.found || !found?.stack || !frame || !at || !session)
    throw new Error("export before the lesion is there");
  // what is of the slice's own samples stays behind
  const {
    z: _z,
    fields: _fields,
    fieldSeed: _seed,
    fieldStrength: _strength,
    representative: _many,
    order: _order,
    ...choice
  } = session.choice;
  const { grown, measured } = followed.found;
  const { graderNames, readers, origin, places, spacingMm } = followed;
  const slots = graderSlots(state);
  const { sample } = state.lesionLook;
  const inPage = graderNames.flatMap((name, g) => (readers[g] ? [[name, slotRgb(slots[g] ?? 0)] as const] : []));
  const { exportLesion } = await import("../../io/export/lesion/lesion-export.ts");
  const { files, notes } = await exportLesion({
    stack: found.stack,
    slice: frame.slice,
    ...{ spacingMm, places, measured },
    followed: { grown, graderNames, origin },
    session: {
      ...session,
      choice,
      lesion: {
        start: frame.index,
        at: [at[0], at[1]],
        coupling: DEFAULT_COUPLING,
        thresholds: thresholdsWord(state.lesionThresholds),
        graders: readers.filter((reader) => reader === null).length,
        ...(sample !== null && { sample }),
      },
    },
    readerColours: new Map(inPage),
    simulated: found.simulated,
  });
  const { writeZip } = await import("../../io/bytes/zip-write.ts");
  return { name: "lesion.zip", bytes: writeZip({ ...files, ...figures }), notes };
}
