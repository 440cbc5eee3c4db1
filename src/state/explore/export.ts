import { slotRgb } from "../../core/colour/colour.ts";
import type { Text } from "../../core/language/say.ts";
import { klDivergence } from "../../core/random/gaussian.ts";
import type { ExportFormat } from "../../io/export/export.ts";
import type { ExportedGrader, SampleExport } from "../../io/export/input.ts";
import { newExport } from "../../io/export/new-export.ts";
import type { GraderKey } from "../app/intent.ts";
import type { Ports } from "../app/ports.ts";
import type { State } from "../app/shape.ts";
import { t } from "../app/speech.ts";
import { caseOnScreen, drawnBy, frameOnScreen, isBlinded } from "../cases/on-screen.ts";
import { engineIsThere } from "./busy.ts";
import { posteriorOf } from "./keys.ts";
import { chosenDraws, currentIsStale, drawnOnScreen, samplesAreStale } from "./masks.ts";
import { sessionOf } from "./session.ts";
import { currentOnScreen } from "./shown.ts";

/** What of an export the person wants. */
export interface ExportWish {
  /** All samples, or those that are pinned or shown. */
  readonly which: "all" | "chosen";
  readonly formats: readonly ExportFormat[];
  readonly maps: boolean;
  readonly table: boolean;
  /** `figures.csv`, `figures.json` and their legend. */
  readonly figures: boolean;
  readonly session: boolean;
  readonly figure: boolean;
}

export const FIRST_WISH: ExportWish = {
  which: "all",
  formats: ["png"],
  maps: true,
  table: true,
  figures: true,
  session: true,
  figure: true,
};

const FIGURES = ["figures.csv", "figures.json", "figures.md"];

export interface Download {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly notes: readonly Text[];
}

/** Whether there is something to export, and nothing in it that is not to be seen yet. */
export function canExport(state: State): boolean {
  return state.drawn !== null && !isBlinded(state);
}

/** True while what would be exported is not what is wanted: the button waits. */
export function exportIsStale(state: State): boolean {
  const placing = state.jobs.posterior !== undefined; // of whom the figures have KL
  return (
    drawnOnScreen(state) === null || !engineIsThere(state) || samplesAreStale(state) || currentIsStale(state) || placing
  );
}

/** The files asked for: one alone as it is, several as a zip. @throws CannotExport where DICOM SEG or RTSTRUCT cannot be written */
export async function exportView(
  state: State,
  app: Ports["app"],
  created: string,
  wish: ExportWish,
  figure: Uint8Array | null,
): Promise<Download> {
  const input = await inputOf(state, app, created, wish);
  const { exportFiles, exportNotes } = await import("../../io/export/export.ts");
  const all = exportFiles(input, wish.formats);
  const kept = Object.entries(all).filter(
    ([path]) =>
      (path !== "maps.npz" || wish.maps) &&
      (path !== "samples.csv" || wish.table) &&
      (!FIGURES.includes(path) || wish.figures) &&
      (path !== "session.json" || wish.session),
  );
  if (figure && wish.figure) kept.push(["figure.png", figure]);
  const notes = exportNotes(input, wish.formats);
  const [only] = kept;
  if (kept.length === 1 && only) return { name: only[0], bytes: only[1], notes };
  const { writeZip } = await import("../../io/bytes/zip-write.ts");
  return { name: "graderspace.zip", bytes: writeZip(Object.fromEntries(kept)), notes };
}

/** What can be stored in an archive: as a segmentation and as contours. */
export type StoredFormat = Extract<ExportFormat, "seg" | "rtstruct">;

const STORED = { seg: "samples.seg.dcm", rtstruct: "samples.rtstruct.dcm" } as const;

/** Objects as they would be stored in an archive: their files, and what is in each of them. */
export interface StoredView {
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[];
  /** Labels of the segments, of the regions of interest likewise. */
  readonly segments: readonly string[];
}

/** All samples and graders of the view in the formats asked for. @throws CannotExport where they cannot be written */
export async function storedView(
  state: State,
  app: Ports["app"],
  created: string,
  formats: readonly StoredFormat[],
): Promise<StoredView> {
  const input = await inputOf(state, app, created, { ...FIRST_WISH, formats });
  const [{ exportFiles }, { segmentsOf }] = await Promise.all([
    import("../../io/export/export.ts"),
    import("../../io/export/segments.ts"),
  ]);
  const all = exportFiles(input, formats);
  const files = formats.map((format) => ({ name: STORED[format], bytes: all[STORED[format]] as Uint8Array }));
  return { files, segments: segmentsOf(input).map(({ label }) => label) };
}

async function inputOf(state: State, app: Ports["app"], created: string, wish: ExportWish): Promise<SampleExport> {
  const drawn = drawnOnScreen(state);
  const frame = frameOnScreen(state);
  const session = sessionOf(state, app, created);
  const encoded = state.encoded?.value;
  const info = state.model?.value;
  if (!drawn || !frame || !session || !encoded || !info) throw new Error("export before the samples are there");
  const found = caseOnScreen(state);
  const { places, weights } = chosenDraws(state);
  const all = weights === null ? null : places;
  const chosen = wish.which === "all" ? all : chosenSamples(state, drawn.samples.count);
  const current = currentOnScreen(state);
  const { source } = state.intent.z;
  return newExport({
    slice: frame.slice,
    prepared: encoded,
    head: info.head,
    drawn,
    chosen,
    priorMean: info.head && source.kind === "mean" ? current : null,
    byHand: session.choice.z ? current : null,
    graders: [...frame.graders.map((grader, key) => ({ ...grader, ...surpriseOf(state, key) })), ...drawnInPage(state)],
    session,
    tables: state.tables,
    source: found?.stack ? await found.stack.origin(state.intent.frame) : null,
    simulated: found?.simulated ?? false,
  });
}

/** Readers who drew on the slice in the page, also who is hidden: what a person made is not left out of a file. */
function drawnInPage(state: State): SampleExport["graders"] {
  return state.readers.flatMap(({ id, name, slot }) => {
    const mask = drawnBy(state, id);
    return mask ? [{ name, mask, colour: slotRgb(slot), ...surpriseOf(state, id) }] : [];
  });
}

/** Nothing where the system has no posterior, or that of this grader was not found. */
function surpriseOf(state: State, key: GraderKey): Pick<ExportedGrader, "surprise"> {
  const [posterior, prior] = [posteriorOf(state, key), state.encoded?.value.prior];
  if (!posterior || !prior) return {};
  return { surprise: { z: klDivergence(posterior, prior).total, fields: posterior.fields?.nats ?? null } };
}

/** The pinned samples, and the one in the sliders. */
export function chosenSamples(state: State, count: number): number[] {
  const { pinned } = state.intent.view;
  const { source } = state.intent.z;
  const all = source.kind === "sample" ? [...pinned, source.index] : [...pinned];
  return [...new Set(all)].filter((index) => index < count).sort((a, b) => a - b);
}

/** Whether DICOM SEG and RTSTRUCT can be offered, and if not, why. */
export function dicomRefusal(state: State): string | null {
  const found = caseOnScreen(state);
  if (found?.simulated) return t`a simulated nodule must not look like a finding in a patient's study`;
  if (found?.stack?.format !== "dicom") return t`the slice did not come from DICOM, so there is no study to refer to`;
  return null;
}
