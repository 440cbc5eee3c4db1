import type { ModelConfig } from "../config/model-config.ts";
import { GraderspaceError, isAbort } from "../errors.ts";
import type { Choices } from "../random/choices.ts";
import type { Decoder, Encoding } from "./encoding.ts";
import type { Model } from "./model.ts";

/**
 * A model whose encodings are decoded by `decoder`, which is opened on another encoding when the next draw is of one,
 * and again after it failed. It is disposed of with the model.
 */
export function withDecoder(model: Omit<Model, "draw">, decoder: Decoder): Model {
  let opened: Encoding | null = null;
  return {
    ...model,
    draw: async ({ encoding }, choices, want, task) => {
      if (choices.kind !== "z" || encoding === null) throw wrongChoices(model.config, choices);
      if (opened !== encoding) decoder.open(encoding);
      opened = encoding;
      try {
        return await decoder.decode(choices.draws, want, task);
      } catch (error) {
        if (!isAbort(error)) opened = null;
        throw error;
      }
    },
    dispose: () => {
      decoder.dispose();
      model.dispose();
    },
  };
}

export function wrongChoices({ name, choice }: ModelConfig, { kind }: Choices): GraderspaceError {
  return new GraderspaceError("BadArgument", { problem: `${name} draws by ${choice}, not by ${kind}` });
}
