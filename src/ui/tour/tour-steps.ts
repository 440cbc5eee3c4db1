import type { Actions } from "../../state/app/create.ts";
import type { Outline } from "../../state/app/intent.ts";
import type { State } from "../../state/app/shape.ts";
import { figures } from "../../state/explore/figures.ts";
import { caseGraders } from "../../state/explore/masks.ts";
import { decimals } from "../app/format.ts";

export interface TourStep {
  readonly title: string;
  /** The panel it is about. */
  readonly panel: "region" | "latent" | "samples" | "figures";
  text(state: State): string;
  /** Puts the page into the view that the step tells of. */
  set(actions: Actions, state: State): void;
}

const ALL: readonly Outline[] = ["sample", "all", "quantiles", "graders", "majority", "staple"];

function only(actions: Actions, ...shown: readonly Outline[]): void {
  for (const outline of ALL) actions.setOutline(outline, shown.includes(outline));
}

/**
 * Takes a bundled model with a prior of the given kind: the paper's learns it, the one that goes past the paper has
 * N(0, I). Slice and seed stay, so that the two can be held against each other.
 */
function takeModel(actions: Actions, { models, intent }: State, prior: "net" | "standard"): void {
  const found = models.find(
    ({ bundled, config }) => bundled && config.family === "prob-unet" && config.architecture.prior === prior,
  );
  if (found && found.name !== intent.model) actions.setModel(found.name);
}

/** Share of the differing samples that lie inside one another, in words; empty where it is not known. */
function nested(state: State): string {
  const { nestedness } = figures(state);
  return nestedness === null ? "" : `${Math.round(100 * nestedness)} %`;
}

/** The paper's story on the case that is open: Kohl et al. 2018 in six steps, the last one with the model past it. */
export const TOUR: readonly TourStep[] = [
  {
    title: "Graders differ",
    panel: "region",
    text: (state) => {
      const graders = caseGraders(state);
      const drew = graders.filter(({ areaPx }) => areaPx > 0).length;
      if (graders.length === 0)
        return "Nobody has marked this slice yet. Choose an example to see graders who disagree.";
      return `${drew} of ${graders.length} graders drew an outline here, and no two are the same. Which one is right? None of them alone: the spread is part of the truth.`;
    },
    set: (actions, state) => {
      takeModel(actions, state, "net");
      actions.setLayer("none");
      only(actions, "graders");
    },
  },
  {
    title: "A plain U-Net gives one answer",
    panel: "region",
    text: () =>
      "A usual network must settle on one outline, and the white one is of that kind: the answer in the middle. It hides that others would draw more, less, or nothing.",
    set: (actions, state) => {
      takeModel(actions, state, "net");
      actions.setLayer("none");
      actions.priorMean();
      only(actions, "sample");
    },
  },
  {
    title: "The prior",
    panel: "latent",
    text: () =>
      "The Probabilistic U-Net has a dial for it: z. Each little mask is its answer at one z. For this picture it expects z within these circles, at 1 to 4 σ, before it has seen any grader. Drag the white ring.",
    set: (actions, state) => {
      takeModel(actions, state, "net");
      actions.setLayer("none");
      actions.priorMean();
      only(actions, "sample");
    },
  },
  {
    title: "A sample",
    panel: "samples",
    text: (state) => {
      const share = nested(state);
      const onion = share && ` ${share} of the pairs lie one inside the other, like the skins of an onion.`;
      return `One z drawn from the prior is one believable grader. Here are ${state.intent.count} of them, each a click away; all their outlines at once show where the boundary wanders.${onion}`;
    },
    set: (actions, state) => {
      takeModel(actions, state, "net");
      actions.drawSamples();
      only(actions, "sample", "all");
    },
  },
  {
    title: "The posterior of a grader",
    panel: "latent",
    text: () =>
      "Shown a grader's outline, a second network says which z would have drawn it: the numbered marks. The white outline is the model's answer there. It comes near, and cannot redraw every grader.",
    set: (actions, state) => {
      takeModel(actions, state, "net");
      const grader = caseGraders(state).find(({ areaPx }) => areaPx > 0)?.key;
      if (grader !== undefined) actions.asGrader(grader);
      only(actions, "sample", "graders");
    },
  },
  {
    title: "Variance and GED²",
    panel: "figures",
    text: (state) => {
      const { agreement } = figures(state);
      const value = agreement ? ` Here it is ${decimals(agreement.ged2)}.` : "";
      const share = nested(state);
      const past = state.model?.value.config.architecture.prior === "standard" && share;
      const apart = past
        ? ` This is the model past the paper, on the same slice with the same seed: ${share} of its pairs are nested; graders' masks lie less often one inside the other.`
        : "";
      return `Bright pixels are those on which the samples part: look there first. GED² says how far the set of samples is from the set of graders; 0 would be the same spread.${value}${apart} Now draw your own outline with the lasso.`;
    },
    set: (actions, state) => {
      takeModel(actions, state, "standard");
      actions.drawSamples();
      actions.setLayer("variance");
      only(actions, "sample", "graders");
    },
  },
];
