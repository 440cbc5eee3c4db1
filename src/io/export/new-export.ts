import type { Draw, Samples, Statistics } from "../../core/network/encoding.ts";
import type { ModelInfo, Prepared } from "../../core/network/model.ts";
import type { Origin } from "../stack/stack.ts";
import type { SampleExport } from "./input.ts";

/** What an export is made from, on the page and in the command line alike. */
interface Made extends Pick<SampleExport, "slice" | "graders" | "session" | "simulated" | "tables"> {
  readonly prepared: Prepared;
  readonly head: ModelInfo["head"];
  readonly drawn: Drawn;
  /** Which samples leave, from 0; null = all. */
  readonly chosen: readonly number[] | null;
  readonly priorMean: Float32Array | null;
  readonly byHand: Float32Array | null;
  readonly source: Origin | null;
}

interface Drawn {
  readonly draws: readonly Draw[];
  readonly samples: Samples;
  readonly statistics: Statistics;
}

/** Samples that were chosen keep their numbers; the maps are those of all samples. */
export function newExport({ prepared, head, drawn, chosen, priorMean, byHand, source, ...rest }: Made): SampleExport {
  return {
    ...rest,
    ...drawn,
    ...(chosen && chosenOf(drawn, chosen)),
    origin: prepared.crop.origin,
    prior: prepared.prior,
    fieldSpacings: head?.fieldSpacings ?? [],
    ...(priorMean && { priorMean }),
    ...(byHand && { byHand }),
    ...(source && { source }),
  };
}

function chosenOf({ samples, draws }: Drawn, chosen: readonly number[]) {
  const pixels = samples.width * samples.height;
  const probabilities = new Float32Array(chosen.length * pixels);
  for (const [to, from] of chosen.entries())
    probabilities.set(samples.probabilities.subarray(from * pixels, (from + 1) * pixels), to * pixels);
  return {
    samples: { ...samples, count: chosen.length, probabilities },
    draws: chosen.flatMap((index) => draws[index] ?? []),
    numbers: chosen.map((index) => index + 1),
  };
}
