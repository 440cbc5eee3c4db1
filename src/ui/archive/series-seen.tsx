import { useMemo, useState } from "react";
import { inEnglish } from "../../core/language/say.ts";
import { applyWindow } from "../../core/values/window.ts";
import { useArchive, useRuns } from "../../state/app/react.tsx";
import { counted, said, t } from "../../state/app/speech.ts";
import type { SeriesSeen } from "../../state/archive/desk-state.ts";
import { bitmapOf, greyRgba } from "../canvas/bitmap.ts";
import type { Paint } from "../canvas/paint-in.ts";
import { Painting } from "../canvas/painting.tsx";
import { ChoiceStrip } from "../controls/choice-strip.tsx";

type Nodule = SeriesSeen["nodules"][number];
/** Centre and width of the lung window, HU. */
const LUNG = [-600, 1500] as const;
const MOST_READERS = 20;

/** A series before it is opened: its middle slice, and the nodules that readers marked on it. */
export function SeriesSeenPart({ seen, onOpened }: { readonly seen: SeriesSeen; onOpened(): void }) {
  const { archive } = useRuns();
  const busy = useArchive((state) => state.doing !== null);
  const [wanted, setChosen] = useState<Nodule | null>(null);
  // Regions may be taken for something else meanwhile: then it is another nodule.
  const chosen = seen.nodules.find((nodule) => nodule === wanted) ?? seen.nodules[0] ?? null;
  const [readBy, setReadBy] = useState("");
  const known = chosen?.readers.length ?? 0;
  const people = /^\d+$/.test(readBy) ? Math.min(MOST_READERS, Number(readBy)) : null;
  const open = async (nodule: Nodule | null) => {
    if (await archive.open(nodule, people)) onOpened();
  };
  return (
    <>
      <p className="row">
        <button type="button" onClick={() => archive.back()}>{t`All series`}</button>
        <strong>{seen.series.description || seen.series.modality}</strong>
        <span className="dim">{counted(seen.frames, { one: "# slice", other: "# slices" })}</span>
      </p>
      <div className="archive-seen">
        <Preview seen={seen} />
        <fieldset>
          <legend>{t`Nodules that readers marked`}</legend>
          {seen.nodules.length === 0 && <p>{t`None was found by segmentations that refer to this series.`}</p>}
          {seen.nodules.map((nodule) => (
            <label key={nodule.key} className="tick archive-nodule">
              <input type="radio" name="nodule" checked={chosen === nodule} onChange={() => setChosen(nodule)} />
              <span>{nodule.name}</span>
              <span className="dim">{inWords(nodule)}</span>
            </label>
          ))}
          {seen.regions !== null && (
            <>
              <p className="sentence">{t`The regions of an RTSTRUCT are`}</p>
              <ChoiceStrip
                label={t`The regions of an RTSTRUCT are`}
                value={seen.regions}
                options={[
                  { value: "graders", label: t`Graders of one nodule` },
                  { value: "file", label: t`Nodules of one grader` },
                ]}
                onChange={(regions) => archive.takeRegions(regions)}
              />
            </>
          )}
          {seen.nodules.length > 0 && (
            <label className="row archive-read-by">
              {t`This many people read the series, as far as you know`}
              <input
                type="text"
                inputMode="numeric"
                aria-label={t`People who read the series`}
                placeholder={t`not known`}
                value={readBy}
                onChange={(event) => setReadBy(event.target.value)}
              />
            </label>
          )}
          {people !== null && people > known && (
            <p className="sentence">
              {t`${counted(people - known, { one: "# of them counts", other: "# of them count" })} as having seen the nodule and drawn nothing.`}
            </p>
          )}
          {seen.nodules.length > 0 && (
            <p className="sentence">{t`Readers are numbered within a nodule: “Reader 1” of another may be somebody else.`}</p>
          )}
        </fieldset>
      </div>
      {seen.notes.map((note) => (
        <p key={inEnglish(note)} className="sentence">
          {said(note)}
        </p>
      ))}
      <p className="row">
        <button
          type="button"
          className="spread"
          disabled={busy}
          onClick={() => void open(null)}
        >{t`Open the series alone`}</button>
        <button type="button" className="primary" disabled={busy || !chosen} onClick={() => void open(chosen)}>
          {chosen ? t`Open ${chosen.name}` : t`Open a nodule`}
        </button>
      </p>
    </>
  );
}

/** "4 readers, 9 slices; report: 1234 mm³, 12.5 mm" */
function inWords({ readers, sops }: Nodule): string {
  const reports = readers.flatMap(({ reported }) => (reported ? [reported] : []));
  const span = (values: readonly (number | null)[], said: (range: string) => string): string[] => {
    const known = values.filter((value) => value !== null);
    if (known.length === 0) return [];
    const [low, high] = [Math.min(...known), Math.max(...known)].map((value) => Number(value.toPrecision(3)));
    return [said(low === high ? String(low) : `${low}–${high}`)];
  };
  const sizes = [
    ...span(
      reports.map(({ volumeMm3 }) => volumeMm3),
      (range) => `${range} mm³`,
    ),
    ...span(
      reports.map(({ diameterMm }) => diameterMm),
      (range) => `${range} mm`,
    ),
    ...span(
      reports.map(({ ratings }) => ratings["malignancy"] ?? null),
      (range) => t`malignancy ${range}`,
    ),
  ];
  const count = `${counted(readers.length, { one: "# reader", other: "# readers" })}`;
  const slices = sops.length > 0 ? [`${counted(sops.length, { one: "# slice", other: "# slices" })}`] : [];
  const said = sizes.length > 0 ? t`; reported ${sizes.join(", ")}` : "";
  return `${[count, ...slices].join(", ")}${said}`;
}

function Preview({ seen: { preview } }: { readonly seen: SeriesSeen }) {
  const paint = useMemo<Paint | null>(() => {
    if (!preview) return null;
    const { values, width, height, unit, inverted } = preview;
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const value of values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    const window = unit === "HU" ? LUNG : [(low + high) / 2, Math.max(1, high - low)];
    const bitmap = bitmapOf(
      greyRgba(applyWindow(values, window[0] as number, window[1] as number, inverted)),
      width,
      height,
    );
    return (context, w, h) => {
      const scale = Math.min(w / width, h / height);
      context.drawImage(bitmap, (w - width * scale) / 2, (h - height * scale) / 2, width * scale, height * scale);
    };
  }, [preview]);
  if (!paint || !preview) return <p className="archive-preview sentence">{t`The middle slice could not be read.`}</p>;
  return (
    <div className="archive-preview">
      <Painting name={t`Middle slice`} summary={t`${preview.width} by ${preview.height} pixels`} paint={paint} />
    </div>
  );
}
