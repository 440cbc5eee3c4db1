import { isLive } from "../../core/config/model-config.ts";
import { say, type Text } from "../../core/language/say.ts";
import type { Actions } from "../../state/app/create.ts";
import type { Layer, Outline, ViewIntent, ZSource } from "../../state/app/intent.ts";
import type { State, View } from "../../state/app/shape.ts";
import { t } from "../../state/app/speech.ts";
import { figures, surprises } from "../../state/explore/figures.ts";
import { slidersAreModes, slidersOf } from "../../state/explore/latent/directions.ts";
import { graderName } from "../../state/explore/latent/z.ts";
import { caseGraders, drawnAreas, outliningGraders } from "../../state/explore/masks.ts";
import { decimals } from "../app/format.ts";
import type { ConceptId } from "../concepts/concepts.ts";

export interface TourStep {
  readonly title: Text;
  /** The panel it is about. */
  readonly panel: "region" | "latent" | "samples" | "figures";
  /** The word that it brings. */
  readonly concept: ConceptId;
  /** Whether it tells of graders: then an example is offered where the slice has none. */
  readonly graders?: boolean;
  text(state: State): string;
  /** Instead of `text`, on a slice that nobody has marked. */
  without?(state: State): string;
  /** Puts the page into the view that the step tells of. */
  set(actions: Actions, state: State): void;
  /** The place that its button leads to, with the button's name. */
  readonly leadsTo?: readonly [View, Text];
}

/** Where the page trains the network. */
const TRAINING: View = "train";

/** Layer and outlines as a step wants them, and no other. */
function only(layer: Layer, ...shown: readonly Outline[]): Partial<ViewIntent> {
  const on = (outline: Outline) => shown.includes(outline);
  const outlines = {
    sample: on("sample"),
    all: on("all"),
    quantiles: false,
    graders: on("graders"),
    majority: false,
    staple: false,
  };
  return { layer, outlines };
}

/**
 * A bundled model with a prior of the given kind: the paper's learns it, the one that goes past the paper has N(0, I).
 * Slice and seed stay, so that the two can be held against each other.
 */
function modelWith({ models, intent }: State, prior: "net" | "standard"): { readonly model: string } {
  const fits = models.filter(
    ({ bundled, config }) => bundled && config.family === "prob-unet" && config.architecture.prior === prior,
  );
  return { model: (fits.find(({ name }) => name === intent.model) ?? fits[0])?.name ?? intent.model };
}

const MEAN: ZSource = { kind: "mean" };

/** Share of the differing samples that lie inside one another, in words; empty where it is not known. */
function nested(state: State): string {
  const { nestedness } = figures(state);
  return nestedness === null ? "" : `${Math.round(100 * nestedness)} %`;
}

/** How many axes of the model on the screen tell next to nothing (`isLive`), for who wonders why the plane is the same all the way up. */
function idleAxes(state: State): string {
  if (slidersAreModes(state)) return "";
  const axes = slidersOf(state);
  const idle = axes.filter(({ effect, kl }) => !isLive({ effect, kl: kl ?? 0 })).length;
  return idle === 0 ? "" : t` ${idle} of its ${axes.length} axes do next to nothing.`;
}

/** The first grader who drew: the tour speaks of that one's posterior and KL. */
function firstWhoDrew(state: State) {
  return caseGraders(state).find(({ areaPx }) => areaPx > 0);
}

function surpriseOf(state: State): string {
  const grader = firstWhoDrew(state);
  const at = outliningGraders(state).findIndex(({ key }) => key === grader?.key);
  const nats = surprises(state)[at]?.total;
  if (!grader || nats === undefined) return "";
  return t` Here ${graderName(state.readers, grader.key)} has ${decimals(nats, 1)} nats.`;
}

/** The paper's story on the case that is open: Kohl et al. 2018, one step past it, and then the person's turn. */
export const TOUR: readonly TourStep[] = [
  {
    title: say`Graders differ`,
    panel: "region",
    concept: "diversity",
    graders: true,
    text: (state) => {
      const graders = caseGraders(state);
      const drew = graders.filter(({ areaPx }) => areaPx > 0).length;
      return t`${drew} of ${graders.length} graders drew an outline here. Which one is right? None of them alone: the spread is part of the truth, and this page shows it.`;
    },
    without: () =>
      t`Nobody has marked this slice. On most nodules readers part: one draws wider, one tighter, one nothing. That spread is part of the truth. The tour works here; an example shows graders, too.`,
    set: (actions) => actions.showAtOnce(only("none", "graders"), {}),
  },
  {
    title: say`A plain U-Net gives one answer`,
    panel: "region",
    concept: "u-net",
    text: () =>
      t`A usual network must settle on one outline, and the white one is of that kind: the answer in the middle. It hides that others would draw more, less, or nothing.`,
    set: (actions, state) => actions.showAtOnce(only("none", "sample"), { ...modelWith(state, "net"), source: MEAN }),
  },
  {
    title: say`The prior P`,
    panel: "latent",
    concept: "prior",
    text: (state) =>
      t`The Probabilistic U-Net has a dial for it: z, a few numbers (its axes) that stand for the reader. Each little mask is its answer at one z. Which z to expect before any reader is seen, a prior net says of the picture: a normal distribution P, the circles at 1 to 4 σ. Drag the white ring.${idleAxes(state)}`,
    set: (actions, state) => actions.showAtOnce(only("none", "sample"), { ...modelWith(state, "net"), source: MEAN }),
  },
  {
    title: say`From z to a mask: f_comb`,
    panel: "region",
    concept: "f-comb",
    text: () =>
      t`z is now that of the largest sample, and the outline has moved. The U-Net did not run again: only the last small layers, f_comb, joined the new z with its features. That is why a drag is followed at once.`,
    set: (actions, state) => {
      const areas = drawnAreas(state);
      const largest = areas.length === 0 ? 0 : areas.indexOf(Math.max(...areas));
      actions.showAtOnce(only("none", "sample"), {
        ...modelWith(state, "net"),
        source: { kind: "sample", index: Math.min(largest, state.intent.count - 1) },
      });
    },
  },
  {
    title: say`Samples`,
    panel: "samples",
    concept: "reparameterisation",
    text: (state) => {
      const share = nested(state);
      const onion =
        share && t` ${share} of the pairs that differ lie one inside the other, like the skins of an onion.`;
      return t`One z drawn from P is one believable reader. Here are ${state.intent.count} of them, each a click away; all their outlines at once show where the boundary wanders.${onion}`;
    },
    set: (actions, state) =>
      actions.showAtOnce(only("none", "sample", "all"), {
        ...modelWith(state, "net"),
        source: { kind: "sample", index: 0 },
      }),
  },
  {
    title: say`The posterior Q of a grader`,
    panel: "latent",
    concept: "posterior",
    graders: true,
    text: () =>
      t`Shown a grader's outline, a posterior net says which z would have drawn it, and how surely: a second normal distribution, Q. The numbered marks on the plane are its middles. The white outline is the model's answer there. It comes near, and cannot redraw every grader.`,
    without: () =>
      t`Shown a reader's outline, a posterior net says which z would have drawn it, and how surely: a second normal distribution, Q, whose middle is marked on the plane. Here is no outline yet: draw your own with the lasso and you get a mark, or take an example.`,
    set: (actions, state) => {
      const grader = firstWhoDrew(state)?.key;
      actions.showAtOnce(only("none", "sample", "graders"), {
        ...modelWith(state, "net"),
        source: grader === undefined ? MEAN : { kind: "posterior", grader },
      });
    },
  },
  {
    title: say`KL: how surprising is a grader?`,
    panel: "figures",
    concept: "kl",
    graders: true,
    text: (state) =>
      t`KL(Q‖P) is how far Q lies from P, in nats (bits with e in the place of 2): 0 is just what was expected.${surpriseOf(state)} Training pushes two things down together, and their sum is the loss (the ELBO, evidence lower bound, turned round): cross entropy of the redrawn mask, and this KL.`,
    without: () =>
      t`KL(Q‖P) is how far a reader's Q lies from P, in nats (bits with e in the place of 2): 0 is just what was expected. Training pushes two things down together, and their sum is the loss (the ELBO, evidence lower bound, turned round): cross entropy of the redrawn mask, and this KL. The figures want graders: take an example to see some.`,
    set: (actions, state) => {
      const grader = firstWhoDrew(state)?.key;
      actions.showAtOnce(only("none", "sample", "graders"), {
        ...modelWith(state, "net"),
        source: grader === undefined ? MEAN : { kind: "posterior", grader },
      });
    },
  },
  {
    title: say`Variance, and GED²`,
    panel: "figures",
    concept: "ged2",
    text: (state) => {
      const { agreement } = figures(state);
      const value = agreement ? t` Here it is ${decimals(agreement.ged2)}; one case says little of a model.` : "";
      const past = state.model?.value.config.architecture.prior === "standard";
      const apart = past
        ? t` The model is now the page's own, past the paper: trained by a distance of this kind, without prior or posterior net.`
        : "";
      const what = agreement
        ? t`GED² compares all masks by 1 − IoU and says how far the set of samples is from the set of graders. Lower is better; 0 would be the same spread.`
        : t`GED² says how far the set of samples is from the set of graders, where there are any.`;
      return t`Bright pixels are those on which the samples part: look there first. ${what}${value}${apart}`;
    },
    set: (actions, state) =>
      actions.showAtOnce(only("variance", "sample", "graders"), {
        ...modelWith(state, "standard"),
        source: MEAN,
      }),
  },
  {
    title: say`Now you: draw yourself`,
    panel: "region",
    concept: "posterior",
    text: () =>
      t`Go round the lesion with the pointer. You become a grader: your outline gets its mark on the plane, and its KL and overlaps among the figures. Undo takes it back.`,
    set: (actions) => {
      actions.showAtOnce(only("none", "sample", "graders"), {});
      actions.setLasso("redraw");
    },
  },
  {
    title: say`And train it`,
    panel: "latent",
    concept: "elbo",
    text: () =>
      t`The same kind of network can learn from scratch while you watch: cross entropy and KL fall, the plane fills, and three settings break it. The tour ends here. What you drew stays; the rest can be put back as it was.`,
    set: (actions) => actions.showAtOnce(only("variance", "sample", "graders"), {}),
    leadsTo: [TRAINING, say`Train it`],
  },
];
