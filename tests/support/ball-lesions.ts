import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { cropRegion } from "../../src/core/values/region.ts";
import { writeZip } from "../../src/io/bytes/zip-write.ts";
import { writeNpz } from "../../src/io/numpy/npz-write.ts";
import type { OpenedCase } from "../../src/io/pack/pack.ts";
import { writePack } from "../../src/io/pack/pack-write.ts";
import { ballInAir, disc } from "./tiny-pack.ts";

/** A row per lesion: its readers' radii in mm, and the places of its slices in mm, from its middle. */
const LESIONS = [
  { patient: "p", series: "1", nodule: "0", radii: [4, 4.6, 3.6, 4.2], places: [-4, -2, 0, 2, 4] },
  { patient: "p", series: "2", nodule: "0", radii: [3, 3.4, 2.8, 2.4], places: [-2, 0, 2, 2] },
  { patient: "q", series: "3", nodule: "0", radii: [5, 5, 5.6, null], places: [-2, 0, 2] },
  { patient: "q", series: "3", nodule: "1", radii: [3, 3, 3, 3], places: [0] },
  { patient: "r", series: "4", nodule: "0", radii: [6.4, 5.8, 5.6, 7], places: [-6, -3, 0, 3, 6] },
] as const;

/**
 * Slices through balls, pixels of .7 mm: patient p has two scans, the second with two slices at one place; of q's
 * lesions one was not drawn by the fourth reader, the other has one slice. Draw numbers begin at 7.
 */
export function ballLesions(side = 128): OpenedCase[] {
  const slices = LESIONS.flatMap((lesion) => lesion.places.map((zMm) => ({ ...lesion, zMm })));
  return slices.map(({ patient, series, nodule, radii, zMm }, k): OpenedCase => {
    const pixels = radii.map((radius) => (radius === null ? 0 : Math.sqrt(Math.max(0, radius ** 2 - zMm ** 2)) / 0.7));
    return {
      id: `slice-${k + 1}`,
      title: `Scan ${series}, nodule ${nodule}, ${zMm} mm`,
      simulated: false,
      slice: ballInAir(side, side / 2, side / 2, pixels[0] as number, k),
      region: [side / 2, side / 2],
      graders: pixels.map((r, g) => ({
        name: `Grader ${g + 1}`,
        mask: r > 0 ? disc(side, side / 2, side / 2, r) : null,
      })),
      patient,
      draw: 7 + k,
      lesion: { series, nodule, zMm: 100 + zMm },
    };
  });
}

/** The same cases as a pack, and as a file of crops with its table, where seven rows of `train` come before. */
export function writeBallLesions(folder: string, cases = ballLesions()): { pack: string; npz: string; table: string } {
  const [pack, npz, table] = ["lesions.zip", "cases.npz", "cases.csv"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const all = [...cases.slice(0, 7), ...cases];
  const side = cases[0]?.slice.width ?? 0;
  const images = all.flatMap(({ slice, region }) => [
    ...cropRegion(slice, ...region).values.map((v) => Math.round(255 * v)),
  ]);
  const masks = all.flatMap(({ graders }) =>
    graders.flatMap(({ mask }) => [...(mask?.bits ?? new Uint8Array(side * side))]),
  );
  writeFileSync(
    npz,
    writeNpz({
      images: { values: Uint8Array.from(images), shape: [all.length, side, side] },
      masks: { values: Uint8Array.from(masks), shape: [all.length, 4, side, side] },
    }),
  );
  const lines = all.map(({ patient, lesion }, row) => {
    const who = row < 7 ? "train,t" : `val,${patient}`;
    return `${who},${lesion?.series},${lesion?.nodule},${lesion?.zMm},0.7`;
  });
  writeFileSync(table, ["split,patient,series_uid,nodule,z,pixel_spacing_mm", ...lines].join("\n"));
  writeFileSync(pack, writeZip(writePack("Balls", "", cases)));
  return { pack, npz, table };
}
