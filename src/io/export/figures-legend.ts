/** The columns of `figures.csv` in their order, with what each holds. */
export const FIGURE_COLUMNS = [
  {
    name: "of",
    says: "What the row is of: `samples`, all of them held against the slice's graders; `grader 1` …; `reader 1` …, who drew in the page and count in no figure of the samples. Numbers as in `maps.npz`'s `graders`, readers behind graders.",
  },
  { name: "model", says: "The system." },
  { name: "seed", says: "Seed of the draws." },
  { name: "samples", says: "n, the samples in these files. Figures of different n are not to be compared." },
  { name: "order", says: "How the draws belong together: `iid`, `antithetic` or `sobol`." },
  {
    name: "representative_of",
    says: "The draws that the samples stand for; empty: they stand for themselves. GED² of such samples is not to be compared with that of n draws.",
  },
  { name: "threshold", says: "A pixel is lesion where P reaches it." },
  { name: "graders", says: "Graders of the slice, those who drew nothing too; not who set a point only (under 3 mm)." },
  { name: "drew", says: "Of these, how many marked anything in the region." },
  {
    name: "ged2",
    says: "GED² = 2·E[d(S,Y)] − E[d(S,S′)] − E[d(Y,Y′)], d = 1 − IoU; biased: means over all pairs, those of a mask with itself too. 0: the samples differ as the graders do.",
  },
  { name: "hm_iou", says: "Mean IoU of samples and graders under the best one-to-one assignment (Hungarian)." },
  { name: "diversity", says: "E[d(S,S′)]: how far samples are from each other, over all pairs." },
  {
    name: "nestedness",
    says: "Share of the pairs of different, non-empty samples in which one holds the other. Empty: there is no such pair.",
  },
  { name: "presence", says: "Share of the samples that mark anything." },
  { name: "sample_grader", says: "E[d(S,Y)]: how far samples are from graders." },
  { name: "grader_spread", says: "E[d(Y,Y′)]: how far graders are from each other, over all pairs." },
  { name: "area_px", says: "Pixels that the grader marked in the region." },
  { name: "mean_iou", says: "IoU of the grader with the mean probability at the threshold." },
  { name: "mean_dice", says: "Dice of the same." },
  { name: "nearest_sample", says: "The sample that overlaps most with the grader, by its number in `samples.csv`." },
  { name: "nearest_iou", says: "IoU of the grader with it." },
  { name: "nearest_dice", says: "Dice of the grader with it." },
  {
    name: "kl_z",
    says: "KL(Q‖P) of z in nats: how surprising the grader's mask is to the prior; in the row of the samples the mean over the graders. Empty: the system has no posterior, or it was not found.",
  },
  { name: "kl_fields", says: "KL of the local fields given z, in nats, on top of that of z." },
] as const;

export type ExportColumn = (typeof FIGURE_COLUMNS)[number]["name"];

const SAMPLES: readonly (readonly [string, string])[] = [
  ["sample", "Number of the draw, from 1; the mask is `sample-001.png`."],
  ["seed", "Seed of the draws."],
  ["order", "How the draws belong together, where that is not `iid`."],
  ["z1 …", "z of the sample, an axis a column, where the system has one."],
  ["u", "What the gate was held against, in σ, where the system has a gate."],
  ["shift_x, shift_y", "How far the sample was moved, in σ, where the system moves it."],
  ["area_px, area_mm2", "Area of the mask in the slice; in mm² where the slice has a spacing."],
  ["empty", "1: the sample marks nothing."],
  ["dice_1 …, iou_1 …", "Dice and IoU with each grader within the region, 1 where both are empty."],
];

/** `figures.md`. */
export function figuresLegend(): string {
  const table = (rows: readonly (readonly [string, string])[]) =>
    ["| column | holds |", "| --- | --- |", ...rows.map(([name, says]) => `| ${name} | ${says} |`)].join("\n");
  return `# Legend

All figures are of the region, with six significant digits. IoU and Dice of two empty masks are 1. An empty cell: there is no such figure.

## figures.csv, figures.json

${table(FIGURE_COLUMNS.map(({ name, says }) => [name, says]))}

## samples.csv

${table(SAMPLES)}

## On request

With ";" between the cells, numbers have a decimal comma. \`figures.json\` always has a point.
`;
}
