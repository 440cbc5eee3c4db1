import { useMemo } from "react";
import { useSelect } from "../../state/app/react.tsx";
import { counted, t } from "../../state/app/speech.ts";
import { diameterLaw, type SizeLaw, volumeLaw } from "../../state/lesion/figures.ts";
import { lesionOnScreen } from "../../state/lesion/keys.ts";
import { graderSlots } from "../../state/lesion/select.ts";
import { slotColour } from "../app/colours.ts";
import { decimals } from "../app/format.ts";
import { Histogram } from "../controls/histogram.tsx";

/** How large the samples are through the slices, with the graders' ticks and the middle 90 %. */
export function SizeHistograms() {
  const inMm = useSelect((state) => lesionOnScreen(state)?.spacingMm != null);
  return (
    <>
      <Sizes name={t`Volumes`} axis="volume" unit={inMm ? "mm³" : t`voxels`} law={useSelect(volumeLaw)} digits={0} />
      <Sizes
        name={t`Diameters`}
        axis={t`mean diameter`}
        unit={inMm ? "mm" : "px"}
        law={useSelect(diameterLaw)}
        digits={1}
      />
    </>
  );
}

function Sizes(props: {
  readonly name: string;
  readonly axis: string;
  readonly unit: string;
  readonly law: SizeLaw | null;
  readonly digits: number;
}) {
  const { name, axis, unit, law, digits } = props;
  const names = useSelect((state) => lesionOnScreen(state)?.graderNames);
  const slots = useSelect(graderSlots);
  const ticks = useMemo(
    () =>
      (law?.graders ?? []).flatMap((value, g) =>
        value === null ? [] : [{ label: names?.[g] ?? "", mark: `${g + 1}`, colour: slotColour(slots[g] ?? g), value }],
      ),
    [law, names, slots],
  );
  if (!law) return <p className="sentence">{t`${name}: once the lesion has been followed to its ends.`}</p>;
  const interval = law.interval?.map((value) => decimals(value, digits)).join("–");
  const said = interval
    ? t`90 % of ${law.samples.length} samples: ${interval} ${unit}`
    : counted(law.samples.length, { one: "# sample", other: "# samples" });
  const theirs = ticks.map(({ label, value }) => `${label} ${decimals(value, digits)}`).join(", ");
  return (
    <figure className="sizes">
      <figcaption>
        {axis[0]?.toUpperCase()}
        {axis.slice(1)} <span className="dim">{said}</span>
      </figcaption>
      <Histogram
        name={name}
        summary={`${said}${theirs ? `; ${theirs}` : ""}.`}
        values={law.samples}
        axis={unit}
        unit={unit}
        ticks={ticks}
        here={law.chosen === null ? null : { label: t`the chosen sample`, value: law.chosen }}
        interval={law.interval}
      />
    </figure>
  );
}
