import type { IccFigures, StudyFigures } from "../../../core/agreement/study-figures.ts";
import { say, type Text } from "../../../core/language/say.ts";
import { said, t } from "../../../state/app/speech.ts";
import { decimals } from "../../app/format.ts";

/** κ, how many of the readers drew, and what no model can come below. */
export function PresenceLine(props: {
  readonly presence: StudyFigures["presence"];
  readonly readers: number;
  readonly floor: StudyFigures["ged2_floor"];
}) {
  const { presence, readers, floor } = props;
  const { kappa, shares } = presence;
  return (
    <dl className="agreement-presence">
      <div title={t`Fleiss' κ of drawn or not`}>
        <dt>{t`Fleiss’ κ`}</dt>
        <dd>
          {kappa ? decimals(kappa.value) : "–"}{" "}
          <span className="dim">
            {kappa ? `${decimals(kappa.low)}–${decimals(kappa.high)}` : t`all readers say the same, or one looked`}
          </span>
        </dd>
      </div>
      <div title={t`Share of the cases that so many readers drew`}>
        <dt>{t`Drew`}</dt>
        <dd>
          {Object.entries(shares)
            .map(([k, share]) => t`${k} of ${readers}: ${decimals(100 * share, 0)} %`)
            .join(" · ")}
        </dd>
      </div>
      {floor && (
        <div title={t`GED² that readers who could be exchanged with these would reach with so many samples`}>
          <dt>{t`GED² floor`}</dt>
          <dd>
            {decimals(floor.value, 3)} <span className="dim">n = {floor.count}</span>
          </dd>
        </div>
      )}
    </dl>
  );
}

const SPREADS = [
  { name: "dice", label: "Dice", digits: 3 },
  { name: "iou", label: "IoU", digits: 3 },
  { name: "hd95Mm", label: say`HD95, mm`, digits: 2 },
  { name: "assdMm", label: say`ASSD, mm`, digits: 2 },
] as const;

/** Figures of every two readers who both drew. */
export function PairsTable({ figures }: { readonly figures: StudyFigures }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what is wider than the panel is scrolled by keys
    <section className="table-frame overall" aria-label={t`Figures of pairs, scrollable`} tabIndex={0}>
      <table>
        <caption className="visually-hidden">{t`Figures of two readers who both drew`}</caption>
        <thead>
          <tr>
            <th scope="col" className="first">{t`Two who drew`}</th>
            <th scope="col" title={t`Over a case's pairs, then cases; 95 % interval`}>{t`Mean`}</th>
            <th scope="col">5 %</th>
            <th scope="col">{t`Median`}</th>
            <th scope="col">95 %</th>
            <th scope="col">{t`Pairs`}</th>
          </tr>
        </thead>
        <tbody>
          {SPREADS.map(({ name, label, digits }) => {
            const spread = figures[name];
            return (
              <tr key={name}>
                <th scope="row" className="first">
                  {said(label)}
                </th>
                <td>
                  {decimals(spread?.mean, digits)}
                  <Interval of={spread && [spread.low, spread.high]} digits={digits} />
                </td>
                <td>{decimals(spread?.p05, digits)}</td>
                <td>{decimals(spread?.median, digits)}</td>
                <td>{decimals(spread?.p95, digits)}</td>
                <td>{spread?.pairs ?? "–"}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function Interval({ of, digits }: { readonly of: readonly number[] | null | undefined; readonly digits: number }) {
  return <span className="interval">{of ? `${decimals(of[0], digits)}–${decimals(of[1], digits)}` : "\u00a0"}</span>;
}

const SIZES: Readonly<Record<string, { readonly label: Text; readonly mm: string }>> = {
  area: { label: say`Area`, mm: "mm²" },
  long_axis: { label: say`Long axis`, mm: "mm" },
  mean_diameter: { label: say`Mean diameter`, mm: "mm" },
};

/** How well readers agree on each size. */
export function SizesTable({ figures, inMm }: { readonly figures: StudyFigures; readonly inMm: boolean }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what is wider than the panel is scrolled by keys
    <section className="table-frame overall" aria-label={t`Agreement on sizes, scrollable`} tabIndex={0}>
      <table>
        <caption className="visually-hidden">{t`Intraclass correlation and repeatability of sizes`}</caption>
        <thead>
          <tr>
            <th scope="col" className="first">{t`Size`}</th>
            <th scope="col" title={t`Readers differ from case to case; interval by patients`}>{t`ICC(1,1)`}</th>
            <th
              scope="col"
              title={t`The same readers in every case, out of many: absolute agreement`}
            >{t`ICC(2,1)`}</th>
            <th scope="col" title={t`The same readers and no others: consistency`}>{t`ICC(3,1)`}</th>
            <th scope="col" title={t`Two readings of one case differ by less, 95 times of 100`}>{t`Differ by`}</th>
            <th scope="col" title={t`The same as a factor`}>{t`Factor`}</th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(figures.icc).map(([name, size]) => {
            const { label, mm } = SIZES[name] ?? { label: name, mm: "" };
            return (
              <tr key={name}>
                <th scope="row" className="first" title={t`${size.cases} cases, ${size.readings} readings`}>
                  {said(label)}
                </th>
                <Icc icc={size.icc11} />
                <Icc icc={size.icc21} />
                <Icc icc={size.icc31} />
                <td>
                  {decimals(size.repeatability_coefficient, 1)} {inMm ? mm : "px"}
                </td>
                <td>{size.ratio_of_two === null ? "–" : `× ${decimals(size.ratio_of_two)}`}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function Icc({ icc }: { readonly icc: IccFigures }) {
  return (
    <td>
      {decimals(icc?.value, 3)}
      <Interval of={icc?.by_patients} digits={3} />
    </td>
  );
}

/** How often two readers would decide differently. */
export function FlipsTable({ figures }: { readonly figures: StudyFigures }) {
  const { flips, flips_long_axis: long } = figures;
  if (!flips)
    return <p className="sentence">{t`Without a known spacing there are no millimetres, and so no decisions.`}</p>;
  const names = Object.keys(flips);
  if (names.length === 0)
    return <p className="sentence">{t`A single slice has no volume: these thresholds ask for one.`}</p>;
  const percent = (share: number | undefined) => (share === undefined ? "–" : `${decimals(100 * share, 0)} %`);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what is wider than the panel is scrolled by keys */}
      <section className="table-frame overall" aria-label={t`Decisions, scrollable`} tabIndex={0}>
        <table>
          <caption className="visually-hidden">{t`How often readers stand on different sides of a threshold`}</caption>
          <thead>
            <tr>
              <th scope="col" className="first">{t`Threshold`}</th>
              <th
                scope="col"
                title={t`Share of pairs on different sides, its mean over cases, 95 % interval`}
              >{t`Two differ`}</th>
              <th scope="col" title={t`Cases with readers on both sides`}>{t`Any differ`}</th>
              <th scope="col" title={t`Two differ by the long axis alone`}>{t`By long axis`}</th>
            </tr>
          </thead>
          <tbody>
            {names.map((name) => {
              const flip = flips[name];
              return (
                <tr key={name}>
                  <th scope="row" className="first">
                    {name.replace("mm3", " mm³").replace(/mm$/, " mm")}
                  </th>
                  <td>
                    {percent(flip?.graders)}
                    <span className="interval">
                      {percent(flip?.low)}–{percent(flip?.high)}
                    </span>
                  </td>
                  <td>{percent(flip?.graders_any)}</td>
                  <td>{percent(long?.[name]?.graders)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
      <p className="sentence caution">{t`Research, not for clinical use.`}</p>
    </>
  );
}
