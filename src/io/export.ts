import { samplesCsv } from "./export-csv.ts";
import { type SampleExport, sampleMasks, sampleNumber, sliceMask } from "./export-input.ts";
import { mapsNpz } from "./maps.ts";
import { pngOfMask } from "./png-write.ts";
import { writeSession } from "./session.ts";

/**
 * `sample-001.png` … , `mean.png` where the prior mean is there, `maps.npz`, `samples.csv` and `session.json`: the
 * files of formats.md's `sample`, for the command line and the page alike. Same input, same bytes.
 */
export function exportSamples(input: SampleExport): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  for (const [index, mask] of sampleMasks(input).entries()) {
    files[`sample-${String(sampleNumber(input, index)).padStart(3, "0")}.png`] = pngOfMask(mask);
  }
  if (input.priorMean) files["mean.png"] = pngOfMask(sliceMask(input, input.priorMean));
  if (input.byHand) files["by-hand.png"] = pngOfMask(sliceMask(input, input.byHand));
  files["maps.npz"] = mapsNpz(input);
  files["samples.csv"] = new TextEncoder().encode(samplesCsv(input));
  files["session.json"] = writeSession(input.session);
  return files;
}
