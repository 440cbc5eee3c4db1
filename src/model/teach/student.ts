import type { Evaluable, MarkedCrop } from "../../core/measures/evaluate-case.ts";
import type { Encoding } from "../../core/network/encoding.ts";
import type { Model, Prepared } from "../../core/network/model.ts";
import type { HeadMaps } from "../../core/teach/head-maps.ts";
import { type LinearHead, linearHeadOf } from "../../core/teach/linear-head.ts";
import type { CaseLoss } from "../../core/teach/loss/case-loss.ts";
import { addRetouchGradient, retouched, retouchedEncoding, retouchPlaces } from "../../core/teach/retouch.ts";
import type { TeachSettings } from "../../core/teach/settings.ts";
import type { DeepWeights } from "../../core/teach/taught.ts";
import { type TeachCase, teachCase, teachCaseBytes } from "../../core/teach/teach-case.ts";

/**
 * What of a model learns, as one vector of numbers: those of the retouch first, then, in units of `deepReach`, by how much
 * the weights below the head differ from the parent's. All 0: the parent.
 */
export interface Student {
  readonly model: Model;
  readonly head: LinearHead;
  readonly length: number;
  /** What is kept of a case that the parent has looked at, and how many bytes that takes. */
  keep(prepared: Prepared, marked: MarkedCrop): Promise<{ readonly kept: TeachCase; readonly bytes: number }>;
  /** The head's maps of a case at the pixels that are seen. */
  maps(kept: TeachCase, numbers: Float32Array): Promise<HeadMaps>;
  /** Adds the gradient in the numbers, of a loss in those maps, times `scale`, to `sum`. */
  addGradient(kept: TeachCase, numbers: Float32Array, loss: CaseLoss, scale: number, sum: Float32Array): Promise<void>;
  /** The squares' weight of each number: the pull towards the parent. */
  stay(settings: TeachSettings, index: number): number;
  /** A model that draws as these numbers say. */
  drawing(numbers: Float32Array): Evaluable;
  /** The weights below the head that these numbers stand for; null where all of them stay. */
  deepWeights(numbers: Float32Array): DeepWeights | null;
  /** Frees what it has made beside the model. */
  dispose(): void;
}

/** The head alone learns. @throws GraderspaceError BadArgument: as `linearHeadOf` */
export function headStudent(model: Model): Student {
  const head = linearHeadOf(model.config);
  return {
    model,
    head,
    length: retouchPlaces(head).length,
    keep: async ({ encoding }, marked) => {
      const kept = teachCase(head, encoding as Encoding, marked);
      return { kept, bytes: teachCaseBytes(kept) };
    },
    maps: async ({ maps }, numbers) => retouched(head, maps, numbers),
    addGradient: async ({ maps }, _numbers, { gradient, gate }, scale, sum) =>
      addRetouchGradient(head, maps, gradient, gate, scale, sum),
    stay: ({ stay }) => stay,
    drawing: (numbers) => drawingFrom(model, async (encoding) => retouchedEncoding(head, encoding, numbers)),
    deepWeights: () => null,
    dispose: () => undefined,
  };
}

/** A model that draws from other encodings than it makes. */
export function drawingFrom(
  model: Model,
  other: (encoding: Encoding, crop: Prepared["crop"]) => Promise<Encoding>,
): Evaluable {
  return {
    ...{ choice: model.choice, members: model.members, head: model.head },
    draw: model.draw,
    prepare: async (crop, task) => {
      const prepared = await model.prepare(crop, task);
      return { ...prepared, encoding: await other(prepared.encoding as Encoding, crop) };
    },
  };
}
