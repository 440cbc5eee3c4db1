import { outlineOf } from "../../../src/core/values/contour.ts";
import { type DicomItem, item, writeDicomFile } from "../../../src/io/dicom/write.ts";
import { CT, type CtStudy, readerBits, SERIES, STUDY, sopOf } from "./study.ts";

export interface Structures {
  /** Told from other files of the study by it. */
  readonly number: number;
  /** Names of its regions, and which reader's mask (`readerBits`) each has. */
  readonly regions: readonly (readonly [name: string, reader: number])[];
}

/** An RTSTRUCT of another program on the study's CT: a closed contour a slice and region, each naming its picture. */
export function structuresFile({ number, regions }: Structures, ct: CtStudy): Uint8Array {
  const { slices, size, tag = "" } = ct;
  const sop = `${STUDY}${tag}.6.${number}`;
  const picture = (k: number) => item([0x00081150, "UI", CT], [0x00081155, "UI", sopOf(k, tag)]);
  const contour = (k: number, line: ArrayLike<number>) => {
    const points = Array.from({ length: line.length / 2 }, (_, i) => {
      const [x, y] = [line[2 * i] as number, line[2 * i + 1] as number];
      return `${(-90 + 0.7 * x).toFixed(2)}\\${(-80 + 0.7 * y).toFixed(2)}\\${2 * k}`;
    });
    return item(
      [0x30060016, "SQ", [picture(k)]],
      [0x30060042, "CS", "CLOSED_PLANAR"],
      [0x30060046, "IS", String(points.length)],
      [0x30060050, "DS", points.join("\\")],
    );
  };
  const contours = (reader: number): DicomItem[] =>
    Array.from({ length: slices }, (_, k) => k).flatMap((k) => {
      const mask = { width: size, height: size, bits: readerBits(reader, k, ct) };
      return outlineOf(mask).map((line) => contour(k, line));
    });
  const series = item([0x0020000e, "UI", `${SERIES}${tag}`], [0x30060016, "SQ", [picture(0)]]);
  const study = item(
    [0x00081150, "UI", "1.2.840.10008.3.1.2.3.1"],
    [0x00081155, "UI", `${STUDY}${tag}`],
    [0x30060014, "SQ", [series]],
  );
  const frame = item([0x00200052, "UI", `${STUDY}.99${tag}`], [0x30060012, "SQ", [study]]);
  const dataset = item(
    [0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.481.3"],
    [0x00080018, "UI", sop],
    [0x00080060, "CS", "RTSTRUCT"],
    [0x00080070, "LO", "Maker"],
    [0x0008103e, "LO", `Structures ${number}`],
    [0x00100010, "PN", "DOE^JANE"],
    [0x00100020, "LO", `ID-77${tag}`],
    [0x0020000d, "UI", `${STUDY}${tag}`],
    [0x0020000e, "UI", `${sop}.0`],
    [0x30060002, "SH", `S${number}`],
    [0x30060010, "SQ", [frame]],
    [0x30060020, "SQ", regions.map(([name], i) => item([0x30060022, "IS", String(i + 1)], [0x30060026, "LO", name]))],
    [
      0x30060039,
      "SQ",
      regions.map(([, reader], i) => item([0x30060040, "SQ", contours(reader)], [0x30060084, "IS", String(i + 1)])),
    ],
  );
  return writeDicomFile(dataset, { uid: "1.2.3", version: "TEST" });
}
