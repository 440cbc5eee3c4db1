import type { LesionRow } from "../../core/lesion/cohort/lesion-slices.ts";
import { drawOf } from "./marked-crop.ts";
import type { Pack } from "./pack.ts";

/** The cases of a pack that say which lesion they are slices of. A series without a patient is a patient of its own. */
export function packLesionRows(pack: Pack): LesionRow[] {
  return pack.index.cases.flatMap(({ lesion, patient, spacingMm }, row) => {
    if (!lesion) return [];
    const { series, nodule, zMm } = lesion;
    return [{ row, patient: patient ?? series, series, nodule, zMm, spacingMm, draw: drawOf(pack, row) }];
  });
}
