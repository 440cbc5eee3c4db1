import { say, type Text } from "../language/say.ts";
import type { TrainingSettings } from "./settings.ts";

/** A way to break the training, and the sentence that says why it breaks. */
export interface Breakage {
  readonly id: "beta" | "mean" | "grader";
  readonly title: Text;
  readonly change: Partial<TrainingSettings>;
  readonly why: Text;
}

export const BREAKAGES: readonly Breakage[] = [
  {
    id: "beta",
    title: say`β too large`,
    change: { beta: 200 },
    why: say`Every nat by which the posterior leaves the prior costs 200: more than the mask is worth. The posterior becomes the prior, z says nothing, and all samples are alike: posterior collapse.`,
  },
  {
    id: "mean",
    title: say`Mean instead of sum`,
    change: { pixels: "mean" },
    why: say`The mean over pixels makes the cross entropy a thousand times smaller (32 × 32 pixels) and leaves the KL as it is. It is a β of a thousand in disguise, and z collapses.`,
  },
  {
    id: "grader",
    title: say`One grader only`,
    change: { onlyGrader: 1 },
    why: say`The network sees the generous grader's masks alone. It has no disagreement to learn, so most of its samples are this one grader's outline, however much the others differ.`,
  },
];
