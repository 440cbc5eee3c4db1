import { agreementOf, dice, diversity, iou, nestedness } from "../../core/measures/agreement.ts";
import { shareDrawn } from "../../core/measures/evaluation.ts";
import { rounded } from "../../core/measures/rounded.ts";
import { areaPx, type Mask } from "../../core/values/slice.ts";
import { maskOf, masksOf } from "../../core/values/threshold.ts";
import { type Cell, writeCsv } from "../bytes/csv.ts";
import { type ExportColumn, FIGURE_COLUMNS, figuresLegend } from "./figures-legend.ts";
import { type ExportedGrader, graderInRegion, type SampleExport, sampleNumber } from "./input.ts";

type Row = Readonly<Partial<Record<ExportColumn, Cell>>>;

/**
 * `figures.csv`, `figures.json` and the legend of their columns, `figures.md`: a row for the samples that leave, held
 * against the slice's graders in the region, and one for each grader and each reader in the page.
 */
export function figuresFiles(input: SampleExport): Record<string, Uint8Array> {
  const of = (text: string) => new TextEncoder().encode(text);
  const { samples, graders } = rowsOf(input);
  const cells = [samples, ...graders].map((row) => FIGURE_COLUMNS.map(({ name }) => row[name] ?? null));
  const header = FIGURE_COLUMNS.map(({ name }) => name);
  return {
    "figures.csv": of(writeCsv(header, cells, input.tables)),
    "figures.json": of(`${JSON.stringify({ samples: inJson(samples), graders: graders.map(inJson) }, null, 2)}\n`),
    "figures.md": of(figuresLegend()),
  };
}

/** Every figure by its name, null where there is none; what a row is without is left out. */
function inJson(row: Row): Row {
  return Object.fromEntries(FIGURE_COLUMNS.flatMap(({ name }) => (row[name] === undefined ? [] : [[name, row[name]]])));
}

function rowsOf(input: SampleExport): { readonly samples: Row; readonly graders: readonly Row[] } {
  const masks = masksOf(input.samples, input.session.threshold);
  const graders = input.graders.map((grader) => ({ grader, mask: graderInRegion(input, grader) }));
  const ofCase = graders.filter(({ grader }) => !grader.colour);
  return {
    samples: samplesRow(input, masks, ofCase),
    graders: graders.map(({ grader, mask }, index) => {
      const readers = index + 1 - ofCase.length;
      return {
        of: grader.colour ? `reader ${readers}` : `grader ${index + 1}`,
        ...graderRow(input, masks, grader, mask),
      };
    }),
  };
}

interface Held {
  readonly grader: ExportedGrader;
  /** In the region. */
  readonly mask: Mask;
}

function samplesRow(input: SampleExport, masks: readonly Mask[], graders: readonly Held[]): Row {
  const { model, choice, threshold } = input.session;
  const agreement =
    graders.length === 0
      ? null
      : agreementOf(
          masks,
          graders.map(({ mask }) => mask),
        );
  return {
    of: "samples",
    model: model.name,
    seed: choice.seed,
    samples: masks.length,
    order: choice.order ?? "iid",
    representative_of: choice.representative?.of ?? null,
    threshold,
    graders: graders.length,
    drew: graders.filter(({ mask }) => areaPx(mask) > 0).length,
    ged2: known(agreement?.ged2),
    hm_iou: known(agreement?.hmIou),
    diversity: known(agreement?.diversity ?? diversity(masks)),
    nestedness: known(agreement ? agreement.nestedness : nestedness(masks)),
    presence: known(shareDrawn(masks)),
    sample_grader: known(agreement?.sampleGrader),
    grader_spread: known(agreement?.graderSpread),
    kl_z: meanOf(graders.map(({ grader }) => grader.surprise?.z ?? null)),
    kl_fields: meanOf(graders.map(({ grader }) => grader.surprise?.fields ?? null)),
  };
}

function graderRow(input: SampleExport, masks: readonly Mask[], { surprise }: ExportedGrader, mask: Mask): Row {
  const { samples, statistics, session } = input;
  const mean = maskOf(statistics.mean, samples.width, samples.height, session.threshold);
  const overlaps = masks.map((sample) => iou(sample, mask));
  const nearest = overlaps.indexOf(Math.max(...overlaps)); // the first of equals, as on the page
  return {
    area_px: areaPx(mask),
    mean_iou: rounded(iou(mean, mask)),
    mean_dice: rounded(dice(mean, mask)),
    nearest_sample: sampleNumber(input, nearest),
    nearest_iou: rounded(overlaps[nearest] as number),
    nearest_dice: rounded(dice(masks[nearest] as Mask, mask)),
    kl_z: known(surprise?.z),
    kl_fields: known(surprise?.fields),
  };
}

function known(value: number | null | undefined): number | null {
  return value == null ? null : rounded(value);
}

/** Null unless every grader has the figure. */
function meanOf(values: readonly (number | null)[]): number | null {
  if (values.length === 0 || values.includes(null)) return null;
  return rounded(values.reduce<number>((sum, value) => sum + (value ?? 0), 0) / values.length);
}
