import type { Architecture } from "../core/config/model-config.ts";
import { GraderspaceError } from "../core/errors.ts";
import { say } from "../core/language/say.ts";
import type { Crop } from "../core/values/region.ts";
import type { Mask } from "../core/values/slice.ts";

/** @throws GraderspaceError BadArgument */
export function checkCrop({ values, size }: Crop, { channels, head }: Architecture): void {
  const levels = [channels, ...(head.presenceNets ?? []).map((net) => net.channels)].map(({ length }) => length);
  const step = 2 ** (Math.max(...levels) - 1);
  if (values.length === size * size && size > 0 && size % step === 0) return;
  const problem = say`a region of ${values.length} values is not ${size}×${size} with a side divisible by ${step}`;
  throw new GraderspaceError("BadArgument", { problem });
}

/** @throws GraderspaceError BadArgument */
export function checkMasks(masks: readonly Mask[], { size }: Crop): void {
  const wrong = masks.find(({ width, height }) => width !== size || height !== size);
  if (wrong === undefined) return;
  const problem = say`a mask of ${wrong.width}×${wrong.height} pixels does not belong to a region of ${size}×${size}`;
  throw new GraderspaceError("BadArgument", { problem });
}

/** @throws GraderspaceError BadArgument */
export function checkIndices(indices: readonly number[], members: number): void {
  const wrong = indices.find((index) => !Number.isInteger(index) || index < 0 || index >= members);
  if (wrong === undefined) return;
  const remedy = say`give 0 to ${members - 1}`;
  throw new GraderspaceError("BadArgument", { problem: say`there is no member ${wrong}`, remedy });
}
