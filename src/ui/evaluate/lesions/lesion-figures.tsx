import { say } from "../../../core/language/say.ts";
import type { CohortFigures } from "../../../core/lesion/cohort/cohort-figures.ts";
import { said, t } from "../../../state/app/speech.ts";
import { decimals } from "../../app/format.ts";

/** How a model's volumes stand to the graders', beside what one would show without a law. */
export function VolumesOfLesions({ figures }: { readonly figures: CohortFigures }) {
  const { crps_log_volume: crps, baselines } = figures;
  if (crps === undefined || !baselines)
    return (
      <p className="sentence">{t`CRPS, coverage and width need a model’s samples: choose one and press Start.`}</p>
    );
  const widths = [
    { name: "90 %", coverage: figures.coverage90, width: figures.width90_log },
    { name: "50 %", coverage: figures.coverage50, width: figures.width50_log },
  ];
  return (
    <>
      <Frame name={t`CRPS of log volume`}>
        <thead>
          <tr>
            <th scope="col" className="first">{t`Lower is better`}</th>
            <th scope="col">{t`Samples`}</th>
            <th scope="col" title={t`The volume of what half of the samples mark`}>{t`Majority`}</th>
            <th
              scope="col"
              title={t`The sample nearest to all others by IoU, chosen without the graders`}
            >{t`Best single`}</th>
          </tr>
        </thead>
        <tbody>
          <Row
            name={t`CRPS of log volume`}
            hint={t`Continuous ranked probability score against every grader's volume, its mean over a lesion's graders, then lesions`}
            values={[crps, baselines.majority, baselines.bestSingle].map((value) => decimals(value, 3))}
          />
        </tbody>
      </Frame>
      <Frame name={t`Coverage and width of the intervals`}>
        <thead>
          <tr>
            <th scope="col" className="first">{t`Samples’ interval`}</th>
            <th scope="col" title={t`Share of the graders' volumes that lie in it`}>{t`Covers`}</th>
            <th scope="col" title={t`Its upper to its lower end: geometric mean over lesions`}>{t`High to low`}</th>
          </tr>
        </thead>
        <tbody>
          {widths.map(({ name, coverage, width }) => (
            <Row
              key={name}
              name={name}
              values={[percent(coverage), width === undefined ? "–" : `× ${decimals(Math.exp(width))}`]}
            />
          ))}
        </tbody>
      </Frame>
    </>
  );
}

const ICCS = [
  { name: "icc_volume", label: say`ICC of volume` },
  { name: "icc_log_volume", label: say`ICC of log volume` },
  { name: "icc_long_axis", label: say`ICC of long axis` },
] as const;

/** How well graders agree on sizes, and a model's samples as if each were one. */
export function ReadersOfLesions({ figures }: { readonly figures: CohortFigures }) {
  const { volume_ratio: ratio } = figures;
  const sampled = ratio.model_median !== undefined;
  const factor = (value: number | null | undefined) => (value == null ? "–" : `× ${decimals(value)}`);
  return (
    <Frame name={t`Agreement on sizes`}>
      <thead>
        <tr>
          <th
            scope="col"
            className="first"
            title={t`ICC(1,1): each lesion by readers of its own`}
          >{t`Readers among themselves`}</th>
          <th scope="col">{t`Graders`}</th>
          {sampled && <th scope="col">{t`Samples`}</th>}
        </tr>
      </thead>
      <tbody>
        {ICCS.map(({ name, label }) => (
          <Row
            key={name}
            name={said(label)}
            values={[decimals(figures[name].graders, 3), ...(sampled ? [decimals(figures[name].model, 3)] : [])]}
          />
        ))}
        <Row
          name={t`Largest to smallest of four`}
          hint={t`Median over lesions of the ratio of volumes; of samples over all fours`}
          values={[factor(ratio.graders_median), ...(sampled ? [factor(ratio.model_median)] : [])]}
        />
      </tbody>
    </Frame>
  );
}

/** How often two readers of a lesion would decide differently. */
export function DecisionsOfLesions({ figures }: { readonly figures: CohortFigures }) {
  const { flips } = figures;
  const sampled = figures.volume_ratio.model_median !== undefined;
  return (
    <Frame name={t`Decisions on lesions`}>
      <thead>
        <tr>
          <th scope="col" className="first">{t`Threshold`}</th>
          <th
            scope="col"
            title={t`Share of pairs of graders on different sides, its mean over lesions; 95 % interval by patients`}
          >{t`Graders differ`}</th>
          {sampled && <th scope="col" title={t`The same of pairs of samples`}>{t`Samples differ`}</th>}
          <th scope="col" title={t`Lesions with graders on both sides`}>{t`Any differ`}</th>
        </tr>
      </thead>
      <tbody>
        {Object.entries(flips).map(([name, { graders, low, high, model, graders_any: any }]) => (
          <tr key={name}>
            <th scope="row" className="first">
              {thresholdText(name)}
            </th>
            <td>
              {percent(graders)}
              <span className="interval">
                {percent(low)}–{percent(high)}
              </span>
            </td>
            {sampled && <td>{percent(model)}</td>}
            <td>{percent(any)}</td>
          </tr>
        ))}
      </tbody>
    </Frame>
  );
}

/** "100mm3" → "100 mm³". */
export function thresholdText(name: string): string {
  return name.replace("mm3", " mm³").replace(/mm$/, " mm");
}

export function percent(share: number | null | undefined): string {
  return share === null || share === undefined ? "–" : `${decimals(100 * share, 0)} %`;
}

function Frame({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what is wider than the panel is scrolled by keys
    <section className="table-frame overall" aria-label={t`${name}, scrollable`} tabIndex={0}>
      <table>
        <caption className="visually-hidden">{name}</caption>
        {children}
      </table>
    </section>
  );
}

function Row(props: { readonly name: string; readonly hint?: string; readonly values: readonly string[] }) {
  const { name, hint, values } = props;
  return (
    <tr>
      <th scope="row" className="first" title={hint}>
        {name}
      </th>
      {values.map((value, i) => (
        <td key={i}>{value}</td>
      ))}
    </tr>
  );
}
