import { say } from "../../core/language/say.ts";
import { OUTLINES } from "../../state/app/intent.ts";
import { LAYER_STYLES, OUTLINE_STYLES } from "../../state/explore/layers.ts";
import { type Definition, type DefinitionId, NAMES } from "./definition-names.ts";

const HERE_SLICE = say`On this machine, from the file; values are Hounsfield units where it says so`;
const HERE = say`On this machine, from the samples and outlines on the screen`;

/** By what they stand beside. */
export const DEFINITIONS = {
  ged2: {
    name: NAMES.ged2,
    what: say`Generalised energy distance: how far the set of samples is from the set of graders. Lower is better.`,
    formula: "2·E d(S,Y) − E d(S,S′) − E d(Y,Y′), d = 1 − IoU",
    biased: say`Yes, upwards: means over all pairs, a mask with itself included. Compare only at the same n.`,
    floor: say`Above 0 at any finite n, even for samples drawn just as the graders were.`,
    where: say`${HERE}; the command line's evaluate gives the same`,
    concept: "ged2",
  },
  "hm-iou": {
    name: NAMES["hm-iou"],
    what: say`Mean overlap of samples and graders when they are paired one to one in the best way. Higher is better.`,
    formula: say`max over pairings of mean IoU; both sets repeated to one size; Hungarian algorithm`,
    biased: say`It rises with n: more samples, better pairs.`,
    floor: say`0; the most is 1. Two empty masks count as 1.`,
    where: HERE,
    concept: "hm-iou",
  },
  diversity: {
    name: NAMES.diversity,
    what: say`How different two samples are on average; beside it the same of the graders.`,
    formula: "E d(S,S′), d = 1 − IoU",
    biased: say`Yes, downwards by 1/n: a sample is compared with itself, too.`,
    floor: say`0: all samples alike.`,
    where: HERE,
    concept: "diversity",
  },
  nestedness: {
    name: NAMES.nestedness,
    what: say`Of the pairs of samples that differ and are not empty, the share in which one holds the other.`,
    formula: say`pairs with A ⊂ B or B ⊂ A / pairs`,
    biased: say`No mask is paired with itself.`,
    floor: say`0; at 1 samples only grow and shrink. Graders of LIDC have 0.29.`,
    where: HERE,
    concept: "nestedness",
  },
  areas: {
    name: NAMES.areas,
    what: say`How many samples have which area; triangles are the graders, the white line is the z on the sliders.`,
    formula: say`pixels at or above the threshold × area of a pixel`,
    floor: say`0: a sample that marks nothing.`,
    where: HERE,
  },
  presence: {
    name: NAMES.presence,
    what: say`How likely it is that 1, 2, 3 or all 4 readers would draw something here, if any does.`,
    formula: say`beta-binomial; its mean by the share of draws that mark anything, (drawn + ½) / (draws + 1)`,
    biased: say`It was fitted to slices on which at least one reader drew, and holds for such alone.`,
    floor: say`The four shares sum to 1.`,
    where: say`${HERE}, with the law in the model's config`,
    concept: "presence",
  },
  kl: {
    name: NAMES.kl,
    what: say`Each grader against the samples, the mean and the prior. KL says how surprising this grader is to the prior.`,
    formula: say`KL(Q‖P) = Σ_i ln(σP/σQ) + (σQ² + (μQ − μP)²) / 2σP² − ½, in nats`,
    biased: say`No draw is in KL. Nearest and its overlap rise with n.`,
    floor: say`0: just what was expected.`,
    where: say`Prior and posterior in a worker on this machine, the sum here`,
    concept: "kl",
    parts: [
      [say`Nearest`, say`the sample that overlaps most with this grader; a click puts its z into the sliders`],
      ["IoU · Dice", say`overlap with that sample: |A∩B| / |A∪B|, and 2·|A∩B| / (|A|+|B|)`],
      [say`of mean`, say`the same for the mean probability at the threshold`],
      ["KL, KL z", say`how surprising the grader's z is to the prior; under More the part of each axis`],
      [
        "KL f",
        say`where the model has local fields: what of the outline z leaves to them, in nats on top of that of z`,
      ],
    ],
  },
  layers: {
    name: NAMES.layers,
    what: say`One map over the CT, and any outlines over it. n is the number of samples.`,
    biased: say`Variance of n samples is low by 1/n of itself; the others, too, need n to settle.`,
    floor: say`0 in all maps. Variance reaches 0.25 at most, entropy ln 2 = 0.69 nats.`,
    where: HERE,
    concept: "maps",
    parts: [
      ...Object.values(LAYER_STYLES).map(({ label, explanation }) => [label, explanation] as const),
      ...OUTLINES.map((name) => [OUTLINE_STYLES[name].label, OUTLINE_STYLES[name].explanation] as const),
      [say`Threshold`, say`a pixel is lesion where its probability reaches this`],
      [say`Opacity`, say`how strongly the map covers the CT`],
      [say`Blend`, say`fades from the shown sample's area to a grader's`],
      [say`Fill sample`, say`tints the area of the shown sample`],
      [
        say`What the network sees`,
        say`the region from its darkest to its brightest pixel in 256 steps: all that it gets`,
      ],
    ],
  },
  slice: {
    name: NAMES.slice,
    what: say`The whole slice; the blue box is the region that the network sees.`,
    where: HERE_SLICE,
    parts: [
      [
        say`Window`,
        say`drag right for wider, down for brighter; keys 1 to 5: lung, soft tissue, mediastinum, bone, full`,
      ],
      [say`Box`, say`drag it, or arrows on it; a double click puts it elsewhere`],
      [say`Wheel`, say`scrolls a stack, else zooms; with Ctrl it zooms`],
      [
        say`Map the whole slice`,
        say`looks at all of it region by region with the same draws; takes a while, and the rest goes on`,
      ],
    ],
  },
  "mask-map": {
    name: NAMES["mask-map"],
    what: say`Samples and graders in a plane, so that their distances come as near to 1 − IoU as two axes allow.`,
    formula: say`Classical scaling (Torgerson 1952): B = −½·J·δ²·J, axis k = √λ_k·u_k; stress = √(Σ(δ − d)² / Σd²)`,
    floor: say`Stress 0: nothing is lost. From about 0.2 on, look at the distances beside the map.`,
    where: HERE,
    concept: "energy-distance",
    parts: [
      [say`Dots`, say`the samples; a ring is round the one shown`],
      ["∅ n", say`all n samples that mark nothing are one point; so is who drew nothing`],
      [say`Numbers`, say`the graders`],
      [say`Negative eigenvalues`, say`1 − IoU is no distance of a Euclidean space: they are dropped`],
    ],
  },
  "shape-modes": {
    name: NAMES["shape-modes"],
    what: say`The principal ways in which the samples' shapes differ; the sliders move the outline from their mean shape along them.`,
    formula: say`Principal components of the signed distance to each outline, in σ; the outline is where the sum is 0`,
    floor: say`Empty samples have no shape: they are left out, and counted.`,
    where: HERE,
  },
  plane: {
    name: NAMES.plane,
    what: say`The two strongest directions of z; each little mask is the model's answer there, the rest of z at the prior mean.`,
    formula: say`right and up in σ of the prior; circles at 1 to 4 σ`,
    floor: say`Of the draws 39 % lie within 1 σ of the middle, 86 % within 2 σ.`,
    where: say`Each mask is decoded on this machine`,
    concept: "prior",
    parts: [
      [say`White ring`, say`the z on the sliders: drag it`],
      [say`Dots`, say`the samples, drawn from the prior`],
      [say`Numbers`, say`each grader's posterior mean; the model cannot redraw every grader`],
      [
        say`Not in this model`,
        say`where the network of Kohl et al. 2018 has nets, such a model has N(0, I) for P, Newton's steps for a grader's Q, and a head linear in z for f_comb`,
      ],
    ],
  },
  sliders: {
    name: NAMES.sliders,
    what: say`Each moves z along one direction, in σ of the prior; strongest first, with a picture of both ends.`,
    formula: say`effect = 1 − IoU between the masks at −2σ and +2σ`,
    floor: say`0: it moves nothing. Below 0.05 with all else where it is now it says “no effect here”; from another z it may move the outline.`,
    where: say`A mode's effect on this case, here; an axis's effect and nats over validation cases, in the model's config`,
    concept: "z",
    parts: [
      [
        say`This case's modes`,
        say`uncorrelated ways in which z changes this very picture; not where each answer is a full pass of the system`,
      ],
      [say`Model's axes`, say`z as the model has it`],
      [say`Lock`, say`holds an axis where it is, whatever else sets z`],
      [say`Double click`, say`puts a slider back to the mean`],
      [say`Presence`, say`whether this reader draws anything at all, a normal of its own beside z`],
      [
        say`Local fields`,
        say`small random changes of the boundary that no slider shows: drawn by the seed; 0 off, 1 as trained`,
      ],
      [say`Freeze`, say`keeps the same local fields while the seed of z moves on`],
    ],
  },
  moves: {
    name: NAMES.moves,
    what: say`The prior's mean, a draw from the prior, a grader's posterior mean, or a place between two of these.`,
    formula: say`z = μ + σ · ε, ε by the seed`,
    where: say`The same seed gives the same samples on every machine`,
    concept: "reparameterisation",
    parts: [
      [say`Prior mean`, say`the middle of what the model expects before it has seen any grader`],
      [say`Draw samples`, say`draws from the prior with the seed shown, and shows the first`],
      [say`Seed`, say`names the draw; the arrow takes the next one`],
      [say`As grader`, say`z where the posterior puts that grader`],
      [say`Between`, say`a straight way through the latent space from one grader's posterior mean to another's`],
    ],
  },
  samples: {
    name: NAMES.samples,
    what: say`Each is one believable reader: z drawn from the prior, decoded, cut at the threshold.`,
    formula: "z_i ~ P(z|X), S_i = f_comb(f_U-Net(X), z_i) ≥ threshold",
    biased: say`The first n draws of the seed, none left out; “stand for” chooses, and says so.`,
    where: say`Drawn and decoded on this machine`,
    concept: "prior",
    parts: [
      [say`Number`, say`1 to 100`],
      [
        say`Order`,
        say`i.i.d.: each draw by itself, as a reader comes after another; antithetic: every second draw is the one before it, all its normals negated; Sobol: z covers its prior evenly from the first draws on`,
      ],
      [
        say`Stand for`,
        say`chosen one by one, each the one that brings the energy distance to all draws down most; maps are of all draws`,
      ],
      [say`By draw, by area`, say`the order in the strip`],
      [say`Pin`, say`holds two side by side`],
    ],
  },
} as const satisfies Readonly<Record<DefinitionId, Definition>>;
