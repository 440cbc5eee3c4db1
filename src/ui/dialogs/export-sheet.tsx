import { useState } from "react";
import { useActions, useExplorer, useSelect } from "../../state/app/react.tsx";
import { slicesToSave } from "../../state/cases/samples/save-pack.ts";
import { chosenSamples, dicomRefusal, type ExportWish, exportIsStale, FIRST_WISH } from "../../state/explore/export.ts";
import { sampleOrder } from "../../state/explore/masks.ts";
import { saveFile } from "../app/copy-text.ts";
import { ChoiceStrip } from "../controls/choice-strip.tsx";
import { figurePng } from "../explore/region/figure.ts";
import { SheetFrame } from "./sheet-frame.tsx";
import { StorePart } from "./store-part.tsx";
import { TablesPart } from "./tables-part.tsx";

type Format = ExportWish["formats"][number];

const MASKS: readonly { readonly format: Format; readonly label: string; readonly hint: string }[] = [
  { format: "png", label: "PNG", hint: "One picture per mask, 0 and 255, in the size of the slice" },
  { format: "nifti", label: "NIfTI", hint: "Masks and maps where the slice lies in the patient (.nii.gz)" },
  { format: "nrrd", label: ".seg.nrrd", hint: "One file with names and colours for 3D Slicer" },
  { format: "seg", label: "DICOM SEG", hint: "A segment per sample and per grader, for OHIF and 3D Slicer" },
  { format: "rtstruct", label: "RTSTRUCT", hint: "A region per sample and per grader, as contours for radiotherapy" },
];
/** Those that refer to the study of the slice. */
const OF_STUDY: readonly Format[] = ["seg", "rtstruct"];

/** What leaves the page: masks, maps, table, figure, session. */
export default function ExportSheet() {
  const { store, archives } = useExplorer();
  const { show, exportView, tell, warn } = useActions();
  const stale = useSelect(exportIsStale);
  const count = useSelect((state) => sampleOrder(state).length);
  const chosen = useSelect((state) => chosenSamples(state, state.drawn?.value.samples.count ?? 0).length);
  const refusal = useSelect(dicomRefusal);
  const [wish, setWish] = useState<ExportWish>(FIRST_WISH);
  const [working, setWorking] = useState(false);
  const change = (part: Partial<ExportWish>) => setWish((old) => ({ ...old, ...part }));
  const nothing =
    wish.formats.length === 0 && !wish.maps && !wish.table && !wish.figures && !wish.session && !wish.figure;

  const download = async () => {
    setWorking(true);
    try {
      const figure = wish.figure ? await figurePng(store.getState()) : null;
      const { name, bytes, notes } = await exportView(wish, figure, new Date().toISOString());
      saveFile(name, bytes);
      tell([`Saved ${name}.`, ...notes].join(" "));
      show(null);
    } catch (error) {
      warn(error);
    }
    setWorking(false);
  };
  return (
    <SheetFrame name="Export" onClose={() => show(null)}>
      <ChoiceStrip
        label="Which samples"
        value={wish.which}
        options={[
          { value: "all", label: `All ${count} samples` },
          { value: "chosen", label: `Shown and pinned (${chosen})`, disabled: chosen === 0 },
        ]}
        onChange={(which) => change({ which })}
      />
      <fieldset>
        <legend>Masks, where the slice has them</legend>
        {MASKS.map(({ format, label, hint }) => {
          const refused = OF_STUDY.includes(format) ? refusal : null;
          return (
            <label key={format} className="tick export-tick">
              <input
                type="checkbox"
                checked={wish.formats.includes(format) && refused === null}
                disabled={refused !== null}
                onChange={(event) =>
                  change({
                    formats: event.target.checked
                      ? [...wish.formats, format]
                      : wish.formats.filter((other) => other !== format),
                  })
                }
              />
              <span>{label}</span>
              <span className="sentence">{refused ? `not here: ${refused}` : hint}</span>
            </label>
          );
        })}
      </fieldset>
      <fieldset>
        <legend>Beside them</legend>
        <Part
          label="maps.npz"
          hint="Mean, variance, entropy, mutual information, every sample, z"
          on={wish.maps}
          set={(maps) => change({ maps })}
        />
        <Part
          label="samples.csv"
          hint="A row per sample: z, seed, area, Dice and IoU with each grader"
          on={wish.table}
          set={(table) => change({ table })}
        />
        <Part
          label="figures.csv"
          hint="GED², HM-IoU, diversity, nestedness, presence, KL, and a row per grader; with figures.json and a legend"
          on={wish.figures}
          set={(figures) => change({ figures })}
        />
        <Part
          label="figure.png"
          hint="The region as shown, with scale bar and colour bar"
          on={wish.figure}
          set={(figure) => change({ figure })}
        />
        <Part
          label="session.json"
          hint="Opens this view again with the same slice; the command line replays it"
          on={wish.session}
          set={(session) => change({ session })}
        />
        <TablesPart className="tick export-tick" />
      </fieldset>
      <p className="sentence">
        {wish.formats.some((format) => OF_STUDY.includes(format)) && refusal === null
          ? "DICOM SEG and RTSTRUCT carry the patient's tags from the source, as they must; nothing else here does."
          : "No file name and no patient tag is in these files."}{" "}
        One part alone is saved as it is, several as one zip.
      </p>
      <PackPart />
      {archives.length > 0 && <StorePart stale={stale || working} refusal={refusal} />}
      <footer className="row">
        {working && <progress aria-label="Packing" />}
        <button type="button" className="spread" onClick={() => show(null)}>
          Cancel
        </button>
        <button
          type="button"
          className="primary"
          disabled={stale || working || nothing}
          onClick={() => void download()}
        >
          Download
        </button>
      </footer>
    </SheetFrame>
  );
}

/** What is open as a pack: for Evaluate, for the command line, and to be opened again. */
function PackPart() {
  const slices = useSelect((state) => slicesToSave(state).length);
  const { saveAsPack, show, tell, warn } = useActions();
  const save = async () => {
    try {
      const { name, bytes, notes } = await saveAsPack();
      saveFile(name, bytes);
      tell([`Saved ${name}`, ...notes, ""].join(". ").trim());
      show(null);
    } catch (error) {
      warn(error);
    }
  };
  return (
    <div className="row pack-part">
      <button type="button" disabled={slices === 0} onClick={() => void save()}>
        Save as pack
      </button>
      <span className="sentence">
        {slices === 0
          ? "A pack is made of files that you opened: none is open."
          : `${slices === 1 ? "The open slice" : `The ${slices} open slices`} with marks, box and given samples, for Evaluate and the command line. Numbered, without names of files.`}
      </span>
    </div>
  );
}

function Part(props: { readonly label: string; readonly hint: string; readonly on: boolean; set(on: boolean): void }) {
  return (
    <label className="tick export-tick">
      <input type="checkbox" checked={props.on} onChange={(event) => props.set(event.target.checked)} />
      <span>{props.label}</span>
      <span className="sentence">{props.hint}</span>
    </label>
  );
}
