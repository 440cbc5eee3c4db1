import { checkMarkSize } from "../bytes/limits.ts";
import { MOST_LABELS, UNPLACED } from "../marks/label-marks.ts";
import type { MarkPlane, PixelMarks } from "../marks/mark-plane.ts";
import type { NrrdVolume } from "./nrrd.ts";

/** True for 3D Slicer's segmentations: they name their segments in the header. */
export function isSegmentation(volume: NrrdVolume): boolean {
  return volume.header.pairs.has("Segment0_ID");
}

/** Every segment of a .seg.nrrd, by its layer and label value, under its own name. */
export function segmentMarks(volume: NrrdVolume, file: string): PixelMarks {
  const { header } = volume;
  const [width, height, depth] = header.size;
  const graders: { name: string; planes: MarkPlane[] }[] = [];
  let held = 0;
  for (let s = 0; s < MOST_LABELS && header.pairs.has(`Segment${s}_ID`); s++) {
    const key = (name: string) => header.pairs.get(`Segment${s}_${name}`);
    const layer = Math.min(header.layers - 1, Math.max(0, Math.trunc(Number(key("Layer") ?? 0)) || 0));
    const label = Number(key("LabelValue") ?? 1);
    const planes = Array.from({ length: depth }, (_, k): MarkPlane => {
      const stored = volume.values(k, layer);
      const marked = stored.includes(label);
      if (marked) checkMarkSize(file, (held += stored.length));
      const values = marked ? Uint8Array.from(stored, (value) => (value === label ? 255 : 0)) : null;
      return { ...UNPLACED, width, height, values, geometry: volume.geometry(k), spacingMm: header.spacingMm };
    });
    graders.push({ name: key("Name")?.slice(0, 100) || `Grader ${s + 1}`, planes });
  }
  return { format: "nrrd", file, graders, seriesInstanceUid: null };
}
