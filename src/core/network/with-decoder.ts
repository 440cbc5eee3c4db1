import type { ModelConfig } from "../config/model-config.ts";
import { GraderspaceError, isAbort } from "../errors.ts";
import { say } from "../language/say.ts";
import type { Choices } from "../random/choices.ts";
import type { Decoded, Decoder, Draw, Encoding, Task } from "./encoding.ts";
import type { Model, Prepared } from "./model.ts";

/** Pictures given to a decoder in one message: to copy more of them at once would hold up whoever sends it. */
const GIVEN_AT_ONCE = 4;

/**
 * A model whose encodings are decoded by `decoder`, which is opened on another encoding when the next draw is of one,
 * and again after it failed. It is disposed of with the model.
 */
export function withDecoder(model: Omit<Model, "draw">, decoder: Decoder): Model {
  let opened: Encoding | null = null;
  return {
    ...model,
    drawEach: drawingEach(model, decoder),
    forget: () => decoder.forget(),
    draw: async ({ encoding }, choices, want, task) => {
      if (choices.kind !== "z" || encoding === null) throw wrongChoices(model.config, choices);
      if (opened !== encoding) decoder.open(encoding);
      opened = encoding;
      try {
        return withRule(await decoder.decode(choices.draws, want, task), model.config);
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

/** Pictures go by numbers, so that their maps cross to the decoder once; one that it lost is given again. */
function drawingEach({ config }: Pick<Model, "config">, decoder: Decoder): NonNullable<Model["drawEach"]> {
  const names = new WeakMap<Encoding, number>();
  let next = 0;
  return async (prepared: readonly Prepared[], draws: readonly Draw[], task?: Task) => {
    const encodings = prepared.map(({ encoding }) => {
      if (encoding === null) throw wrongChoices(config, { kind: "z", draws });
      return encoding;
    });
    const found = encodings.map((): Float32Array | null => null);
    const ask = async (which: readonly number[], give: boolean) => {
      const parts = which.map((k) => {
        const encoding = encodings[k] as Encoding;
        const name = names.get(encoding) ?? next++;
        names.set(encoding, name);
        return { name, draw: draws[k] as Draw, ...(give && { encoding }) };
      });
      const answers = await decoder.decodeEach(parts, task);
      for (const [i, k] of which.entries()) found[k] = answers[i] ?? null;
    };
    const all = [...encodings.keys()];
    const given = all.filter((k) => names.has(encodings[k] as Encoding));
    if (given.length > 0) await ask(given, false);
    const missing = all.filter((k) => found[k] === null);
    for (let k = 0; k < missing.length; k += GIVEN_AT_ONCE) await ask(missing.slice(k, k + GIVEN_AT_ONCE), true);
    return found as Float32Array[];
  };
}

/** What was decoded, its samples with the model's rule for specks. */
export function withRule(decoded: Decoded, { smallestPart }: ModelConfig): Decoded {
  if (!decoded.samples || !smallestPart) return decoded;
  return { ...decoded, samples: { ...decoded.samples, smallestPart } };
}

export function wrongChoices({ name, choice }: ModelConfig, { kind }: Choices): GraderspaceError {
  return new GraderspaceError("BadArgument", { problem: say`${name} draws by ${choice}, not by ${kind}` });
}
