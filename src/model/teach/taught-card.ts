import type { ModelConfig } from "../../core/config/model-config.ts";
import { inEnglish } from "../../core/language/say.ts";
import type { Interval } from "../../core/measures/bootstrap.ts";
import type { Taught } from "../../core/teach/taught.ts";
import { TAUGHT_FIGURES, TAUGHT_LABELS, verdictSentence } from "../../core/teach/verdict.ts";
import type { TeachingFacts } from "./taught-model.ts";

/** The card of a taught model, Markdown: data, steps, figures, and the licence of its parent. */
export function taughtCard(parent: ModelConfig, taught: Taught, { name, cases, settings }: TeachingFacts): string {
  const { verdict, folds, steps, patients, retouch } = taught;
  const rows = TAUGHT_FIGURES.map((figure) => {
    const { before, after, change } = verdict.figures[figure];
    return `| ${inEnglish(TAUGHT_LABELS[figure].label)} | ${[before, after, change].map(text).join(" | ")} |`;
  });
  const lines = [
    `# ${name}`,
    "",
    `${parent.title} (\`${parent.name}\`), taught the habits of other graders. Research, not for clinical use.`,
    "",
    inEnglish(verdictSentence(verdict, taught)),
    "",
    `| at n = ${settings.count}, held out | before | after | change |`,
    "| --- | --- | --- | --- |",
    ...rows,
    "",
    `Means with 95 % intervals, resampled by ${patients === null ? "case: no patients are named" : "patient"}. GED² is biased: means over all pairs including i = j.`,
    "",
    "| fold | cases | steps | GED² before | after |",
    "| --- | --- | --- | --- | --- |",
    ...folds.map(
      (one) => `| ${[one.fold + 1, one.cases, one.steps, one.before.toFixed(4), one.after.toFixed(4)].join(" | ")} |`,
    ),
    "",
    "## How",
    "",
    `- Data: ${taught.cases} cases${patients === null ? "" : ` of ${patients} patients`}, from ${cases}. No picture or outline of them is in this folder.`,
    `- ${LEVELS[settings.depth]} Each layer of the head got a gain and an offset, and z's mean a new place: by the energy distance with ${settings.nll} of the likelihood, ${settings.draws} draws a case, ${settings.batch} cases a step, Adam at ${settings.rate}, ${settings.stay} times the squares of the change added.`,
    retouch === null
      ? "- The weights are the parent's, unchanged."
      : `- The figures above are of heads that had not seen the cases; this one learnt from all of them, ${steps} steps.`,
    "- Axes and modes in `config.json` are the parent's: they were not measured again.",
    "",
    "## Licence",
    "",
    `As the parent's: ${parent.licence}`,
    "",
  ];
  return lines.join("\n");
}

const LEVELS = {
  head: "The U-Net is the parent's.",
  block: "The last block of the U-Net learnt as well; all before it is the parent's.",
  all: "All of the U-Net learnt as well.",
} as const;

function text({ mean, low, high }: Interval): string {
  return `${mean.toFixed(4)} (${low.toFixed(4)} to ${high.toFixed(4)})`;
}
