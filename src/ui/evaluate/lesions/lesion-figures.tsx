import type { CohortFigures } from "../../../core/lesion/cohort/cohort-figures.ts";
import { decimals } from "../../app/format.ts";

/** How a model's volumes stand to the graders', beside what one would show without a law. */
export function VolumesOfLesions({ figures }: { readonly figures: CohortFigures }) {
  const { crps_log_volume: crps, baselines } = figures;
  if (crps === undefined || !baselines)
    return <p className="sentence">CRPS, coverage and width need a model’s samples: choose one and press Start.</p>;
  const widths = [
    { name: "90 %", coverage: figures.coverage90, width: figures.width90_log },
    { name: "50 %", coverage: figures.coverage50, width: figures.width50_log },
  ];
  return (
    <>
      <Frame name="CRPS of log volume">
        <thead>
          <tr>
            <th scope="col" className="first">
              Lower is better
            </th>
            <th scope="col">Samples</th>
            <th scope="col" title="The volume of what half of the samples mark">
              Majority
            </th>
            <th scope="col" title="The sample nearest to all others by IoU, chosen without the graders">
              Best single
            </th>
          </tr>
        </thead>
        <tbody>
          <Row
            name="CRPS of log volume"
            hint="Continuous ranked probability score against every grader's volume, its mean over a lesion's graders, then lesions"
            values={[crps, baselines.majority, baselines.bestSingle].map((value) => decimals(value, 3))}
          />
        </tbody>
      </Frame>
      <Frame name="Coverage and width of the intervals">
        <thead>
          <tr>
            <th scope="col" className="first">
              Samples’ interval
            </th>
            <th scope="col" title="Share of the graders' volumes that lie in it">
              Covers
            </th>
            <th scope="col" title="Its upper to its lower end: geometric mean over lesions">
              High to low
            </th>
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
  { name: "icc_volume", label: "ICC of volume" },
  { name: "icc_log_volume", label: "ICC of log volume" },
  { name: "icc_long_axis", label: "ICC of long axis" },
] as const;

/** How well graders agree on sizes, and a model's samples as if each were one. */
export function ReadersOfLesions({ figures }: { readonly figures: CohortFigures }) {
  const { volume_ratio: ratio } = figures;
  const sampled = ratio.model_median !== undefined;
  const factor = (value: number | null | undefined) => (value == null ? "–" : `× ${decimals(value)}`);
  return (
    <Frame name="Agreement on sizes">
      <thead>
        <tr>
          <th scope="col" className="first" title="ICC(1,1): each lesion by readers of its own">
            Readers among themselves
          </th>
          <th scope="col">Graders</th>
          {sampled && <th scope="col">Samples</th>}
        </tr>
      </thead>
      <tbody>
        {ICCS.map(({ name, label }) => (
          <Row
            key={name}
            name={label}
            values={[decimals(figures[name].graders, 3), ...(sampled ? [decimals(figures[name].model, 3)] : [])]}
          />
        ))}
        <Row
          name="Largest to smallest of four"
          hint="Median over lesions of the ratio of volumes; of samples over all fours"
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
    <Frame name="Decisions on lesions">
      <thead>
        <tr>
          <th scope="col" className="first">
            Threshold
          </th>
          <th
            scope="col"
            title="Share of pairs of graders on different sides, its mean over lesions; 95 % interval by patients"
          >
            Graders differ
          </th>
          {sampled && (
            <th scope="col" title="The same of pairs of samples">
              Samples differ
            </th>
          )}
          <th scope="col" title="Lesions with graders on both sides">
            Any differ
          </th>
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
    <section className="table-frame overall" aria-label={`${name}, scrollable`} tabIndex={0}>
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
