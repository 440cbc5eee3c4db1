import type { IccFigures, StudyFigures } from "../../../core/agreement/study-figures.ts";
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
      <div title="Fleiss' κ of drawn or not">
        <dt>Fleiss’ κ</dt>
        <dd>
          {kappa ? decimals(kappa.value) : "–"}{" "}
          <span className="dim">
            {kappa ? `${decimals(kappa.low)}–${decimals(kappa.high)}` : "all readers say the same, or one looked"}
          </span>
        </dd>
      </div>
      <div title="Share of the cases that so many readers drew">
        <dt>Drew</dt>
        <dd>
          {Object.entries(shares)
            .map(([k, share]) => `${k} of ${readers}: ${decimals(100 * share, 0)} %`)
            .join(" · ")}
        </dd>
      </div>
      {floor && (
        <div title="GED² that readers who could be exchanged with these would reach with so many samples">
          <dt>GED² floor</dt>
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
  { name: "hd95Mm", label: "HD95, mm", digits: 2 },
  { name: "assdMm", label: "ASSD, mm", digits: 2 },
] as const;

/** Figures of every two readers who both drew. */
export function PairsTable({ figures }: { readonly figures: StudyFigures }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what is wider than the panel is scrolled by keys
    <section className="table-frame overall" aria-label="Figures of pairs, scrollable" tabIndex={0}>
      <table>
        <caption className="visually-hidden">Figures of two readers who both drew</caption>
        <thead>
          <tr>
            <th scope="col" className="first">
              Two who drew
            </th>
            <th scope="col" title="Over a case's pairs, then cases; 95 % interval">
              Mean
            </th>
            <th scope="col">5 %</th>
            <th scope="col">Median</th>
            <th scope="col">95 %</th>
            <th scope="col">Pairs</th>
          </tr>
        </thead>
        <tbody>
          {SPREADS.map(({ name, label, digits }) => {
            const spread = figures[name];
            return (
              <tr key={name}>
                <th scope="row" className="first">
                  {label}
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

const SIZES: Readonly<Record<string, { readonly label: string; readonly mm: string }>> = {
  area: { label: "Area", mm: "mm²" },
  long_axis: { label: "Long axis", mm: "mm" },
  mean_diameter: { label: "Mean diameter", mm: "mm" },
};

/** How well readers agree on each size. */
export function SizesTable({ figures, inMm }: { readonly figures: StudyFigures; readonly inMm: boolean }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what is wider than the panel is scrolled by keys
    <section className="table-frame overall" aria-label="Agreement on sizes, scrollable" tabIndex={0}>
      <table>
        <caption className="visually-hidden">Intraclass correlation and repeatability of sizes</caption>
        <thead>
          <tr>
            <th scope="col" className="first">
              Size
            </th>
            <th scope="col" title="Readers differ from case to case; interval by patients">
              ICC(1,1)
            </th>
            <th scope="col" title="The same readers in every case, out of many: absolute agreement">
              ICC(2,1)
            </th>
            <th scope="col" title="The same readers and no others: consistency">
              ICC(3,1)
            </th>
            <th scope="col" title="Two readings of one case differ by less, 95 times of 100">
              Differ by
            </th>
            <th scope="col" title="The same as a factor">
              Factor
            </th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(figures.icc).map(([name, size]) => {
            const { label, mm } = SIZES[name] ?? { label: name, mm: "" };
            return (
              <tr key={name}>
                <th scope="row" className="first" title={`${size.cases} cases, ${size.readings} readings`}>
                  {label}
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
  if (!flips) return <p className="sentence">Without a known spacing there are no millimetres, and so no decisions.</p>;
  const names = Object.keys(flips);
  if (names.length === 0)
    return <p className="sentence">A single slice has no volume: these thresholds ask for one.</p>;
  const percent = (share: number | undefined) => (share === undefined ? "–" : `${decimals(100 * share, 0)} %`);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what is wider than the panel is scrolled by keys */}
      <section className="table-frame overall" aria-label="Decisions, scrollable" tabIndex={0}>
        <table>
          <caption className="visually-hidden">How often readers stand on different sides of a threshold</caption>
          <thead>
            <tr>
              <th scope="col" className="first">
                Threshold
              </th>
              <th scope="col" title="Share of pairs on different sides, its mean over cases, 95 % interval">
                Two differ
              </th>
              <th scope="col" title="Cases with readers on both sides">
                Any differ
              </th>
              <th scope="col" title="Two differ by the long axis alone">
                By long axis
              </th>
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
      <p className="sentence caution">Research, not for clinical use.</p>
    </>
  );
}
