import type { ModelConfig } from "../core/config/model-config.ts";
import { GraderspaceError } from "../core/errors.ts";
import type { Choices } from "../core/random/choices.ts";

export function wrongChoice({ name, choice }: ModelConfig, { kind }: Choices): GraderspaceError {
  return new GraderspaceError("BadArgument", { problem: `${name} draws by ${choice}, not by ${kind}` });
}

export function unprepared(): GraderspaceError {
  return new GraderspaceError("BadArgument", { problem: "a sampler was asked before it had a crop" });
}

/** @throws GraderspaceError BadArgument */
export function checkIndices(indices: readonly number[], members: number): void {
  const wrong = indices.find((index) => !Number.isInteger(index) || index < 0 || index >= members);
  if (wrong === undefined) return;
  throw new GraderspaceError("BadArgument", {
    problem: `there is no member ${wrong}`,
    remedy: `give 0 to ${members - 1}`,
  });
}
