/** The words of the page, each as the heading of a lecture would have it. */
import { say, type Text } from "../../core/language/say.ts";
export interface Concept {
  readonly id: string;
  readonly name: Text;
  /** One sentence: what it is. */
  readonly what: Text;
  readonly formula: Text;
  /** How to read it on this page. */
  readonly here: Text;
  /** Paper, and what of it. */
  readonly source: Text;
}

const KOHL = say`Kohl et al. 2018, A Probabilistic U-Net`;
const KINGMA = say`Kingma & Welling 2014, Auto-Encoding Variational Bayes`;

/** In the order in which they build on each other. */
export const CONCEPTS = [
  {
    id: "u-net",
    name: "U-Net",
    what: say`A network that looks at the picture at several scales and gives each pixel a row of features.`,
    formula: say`features = f_U-Net(X)`,
    here: say`It runs once for a region, in a worker. Everything that moves with z is made of its last features.`,
    source: say`Ronneberger et al. 2015, U-Net, the network`,
  },
  {
    id: "z",
    name: say`z, the latent`,
    what: say`A few numbers that stand for how this reader would draw; the picture does not fix them.`,
    formula: say`z = (z1, …, zL), one point of the latent space`,
    here: say`Plane and sliders move one and the same z. Each slider is an axis (one of the numbers) or a mode (a direction chosen for this picture), in the prior's σ.`,
    source: say`${KOHL}, the low-dimensional latent space`,
  },
  {
    id: "f-comb",
    name: "f_comb",
    what: say`The last, small layers: they join z with the U-Net's features and give the logits of one mask.`,
    formula: "S = f_comb(f_U-Net(X), z)",
    here: say`Each drag runs only these layers again, so the outline follows the hand. In the default model they are linear in z.`,
    source: say`${KOHL}, the joining of a z with the last features of the U-Net`,
  },
  {
    id: "prior",
    name: say`Prior P`,
    what: say`Where the network expects z, for this picture, before it has seen any reader's outline: a normal distribution.`,
    formula: "P(z|X) = N(μ(X), diag σ(X)²)",
    here: say`The circles on the plane are its 1 to 4 σ. Samples are drawn from it. The default model has N(0, I) for every picture.`,
    source: say`${KOHL}, the prior net`,
  },
  {
    id: "posterior",
    name: say`Posterior Q`,
    what: say`Where z must have been, and how surely, now that one reader's outline is known: a normal distribution like P.`,
    formula: "Q(z|X,Y) = N(μ(X,Y), diag σ(X,Y)²)",
    here: say`The numbered marks on the plane are its means. The paper has a net for it; the default model finds it by Newton steps.`,
    source: say`${KOHL}, the posterior net`,
  },
  {
    id: "reparameterisation",
    name: say`Reparameterisation`,
    what: say`A draw written as a fixed function of noise, so that a gradient can pass through it.`,
    formula: "z = μ + σ · ε,   ε ~ N(0, I)",
    here: say`A slider shows ε along its axis. The seed names the ε: the same seed gives the same samples on every machine.`,
    source: say`${KINGMA}, the reparameterisation trick`,
  },
  {
    id: "kl",
    name: say`KL divergence`,
    what: say`How far Q lies from P, in nats (bits with e in the place of 2): 0 where this reader is just what was expected.`,
    formula: "KL(Q‖P) = Σ_i ln(σP/σQ) + (σQ² + (μQ − μP)²) / 2σP² − ½",
    here: say`The column KL in Figures, one number a reader; under More the part of each axis. The parts add up to it.`,
    source: say`${KOHL}, a term of its training loss; between Gaussians as for ${KINGMA}`,
  },
  {
    id: "elbo",
    name: "ELBO",
    what: say`Evidence lower bound, what training pushes up: redraw the reader's mask from a z of Q, and keep Q near P.`,
    formula: "loss = E_Q[−log p(Y|S(X,z))] + β · KL(Q‖P)",
    here: say`Its negative is the loss: cross entropy summed over pixels, and KL summed over axes. Where the page trains, you see both.`,
    source: say`${KOHL}, its training loss (β weighs KL)`,
  },
  {
    id: "vae",
    name: "VAE",
    what: say`A way to train a network with a latent: one net guesses z from the answer, another makes the answer from z.`,
    formula: "log p(Y|X) ≥ E_Q[log p(Y|X,z)] − KL(Q‖P)",
    here: say`The Probabilistic U-Net is a conditional VAE: prior, posterior and f_comb are its three parts, and X is given to all.`,
    source: say`${KINGMA}, the lower bound; with a condition: Sohn et al. 2015, conditional VAE`,
  },
  {
    id: "energy-distance",
    name: say`Energy distance`,
    what: say`A distance between two distributions from which one can only draw: 0 if and only if they are the same.`,
    formula: "2·E d(S,Y) − E d(S,S′) − E d(Y,Y′)",
    here: say`The default model was trained by it, with a soft 1 − IoU for d, and so without a posterior net. GED² is it with hard masks.`,
    source: say`Székely & Rizzo 2013, Energy statistics; the model's card`,
  },
  {
    id: "ged2",
    name: "GED²",
    what: say`How far the set of samples is from the set of readers, by the overlap (IoU) of their masks: 0 would be the same spread.`,
    formula: "GED² = 2·E d(S,Y) − E d(S,S′) − E d(Y,Y′),   d = 1 − IoU",
    here: say`In Figures, with n. It is biased: each mask is also compared with itself, so it stays above 0 for any n. Lower is better.`,
    source: say`${KOHL}, the generalised energy distance of its experiments`,
  },
  {
    id: "hm-iou",
    name: "HM-IoU",
    what: say`Mean overlap when samples and readers are paired one to one in the best way.`,
    formula: say`max over pairings of mean IoU(S_i, Y_π(i))`,
    here: say`1 is perfect. Both sets are repeated up to one size first. It says whether each reader has a sample of their own.`,
    source: say`Kohl et al. 2019, A Hierarchical Probabilistic U-Net, Hungarian-matched IoU`,
  },
  {
    id: "diversity",
    name: say`Diversity`,
    what: say`How different two samples are on average.`,
    formula: "E d(S,S′),   d = 1 − IoU",
    here: say`Beside it stands the same of the readers. Less: the model is surer than they are. More: it is less sure.`,
    source: say`${KOHL}, the middle term of the generalised energy distance`,
  },
  {
    id: "nestedness",
    name: say`Nestedness`,
    what: say`How often, of two samples, one lies whole within the other, like the skins of an onion.`,
    formula: say`pairs where one holds the other / pairs that differ and are not empty`,
    here: say`1: samples only grow and shrink. Readers of LIDC have 0.29: they differ in shape, too.`,
    source: say`Ours; the models' cards`,
  },
  {
    id: "presence",
    name: say`Presence`,
    what: say`Whether a reader draws anything at all. Some do not, and the spread must say so.`,
    formula: say`P(k of 4 would draw | at least one does): a beta-binomial of the share of draws that mark anything`,
    here: say`The four boxes in Figures; ∅ under a sample that marks nothing. The slider Presence is the default model's own number for it, beside z.`,
    source: say`Ours: the model's card; the share by Krichevsky & Trofimov 1981`,
  },
  {
    id: "maps",
    name: say`Variance, entropy, mutual information`,
    what: say`Three maps of the samples' probabilities p at a pixel: how they spread, how undecided their mean is, and what of that comes from samples that differ.`,
    formula: say`variance = mean p² − p̄²;   H(p̄);   I = H(p̄) − mean H(p)`,
    here: say`Layers of the region. Entropy is high on any soft edge. Disagreement (I) is high only where samples part.`,
    source: say`Houlsby et al. 2011, mutual information (BALD); Kendall & Gal 2017`,
  },
  {
    id: "calibration",
    name: say`Calibration`,
    what: say`Whether of the pixels that get 70 % a share of 70 % is marked by the readers.`,
    formula: say`ECE = Σ_bins weight · |mean probability − share of readers|`,
    here: say`In Evaluate over a pack: the reliability curve lies on the diagonal where it is so. One slice is too little to tell.`,
    source: say`Guo et al. 2017, On Calibration of Modern Neural Networks, expected calibration error`,
  },
] as const satisfies readonly Concept[];

export type ConceptId = (typeof CONCEPTS)[number]["id"];
