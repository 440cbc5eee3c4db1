import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { openDicom } from "../../../../src/io/dicom/file.ts";
import { exportLesion } from "../../../../src/io/export/lesion/lesion-export.ts";
import { PATIENT } from "../../../support/ct-dicom.ts";
import { AXIAL, sopUid } from "../../../support/ellipsoid.ts";
import { lesionExport, SMALL_SERIES } from "../../../support/grown-lesion.ts";
import { python, pythonJson, temporaryFolder, tool } from "../../../support/tools.ts";

const [dciodvfy, dsrdump] = [tool("dciodvfy"), tool("dsrdump")];
const pydicom = python(["pydicom"]);
const folder = temporaryFolder();
const [report, seg] = [join(folder, "measurements.dcm"), join(folder, "lesion.seg.dcm")];

let bytes: Uint8Array;
beforeAll(async () => {
  const { files } = await exportLesion(await lesionExport({ ...SMALL_SERIES, ...AXIAL }));
  bytes = files["measurements.dcm"] as Uint8Array;
  writeFileSync(report, bytes);
  writeFileSync(seg, files["lesion.seg.dcm"] as Uint8Array);
});

/** Lines of a program about a file, stdout and stderr. */
function said(program: string, ...args: string[]): string[] {
  const { stdout, stderr } = spawnSync(program, args, { encoding: "utf8" });
  return `${stdout}\n${stderr}`.split("\n").filter(Boolean);
}

describe("sizes of a lesion as DICOM SR", () => {
  it("have a group for each reader who drew, in the segments' order, and none for who drew nothing", async () => {
    const { dataset } = await openDicom(bytes, "measurements.dcm");
    const [measurements] = dataset.items(0x0040a730).filter((one) => one.text(0x0040a040) === "CONTAINER");
    const groups = measurements?.items(0x0040a730) ?? [];
    const sessions = groups.map((group) => group.items(0x0040a730)[0]?.text(0x0040a160));
    expect(sessions).toEqual(["Sample 01 (seed 42)", "Grader 1", "Grader 2"]);
  });

  it.skipIf(!dciodvfy)("dciodvfy has nothing against", () => {
    expect(said(dciodvfy as string, report).filter((line) => /error|warning/i.test(line))).toEqual([]);
  });

  it.skipIf(!dsrdump)("dcmtk reads as a tree of the template's concepts, with our numbers and units", () => {
    const lines = said(dsrdump as string, "+Pc", report).map((line) => line.trim());
    expect(lines.filter((line) => /^[EW]:/.test(line))).toEqual([]);
    expect(lines.find((line) => line.startsWith("<CONTAINER"))).toContain(
      '(126000,DCM,"Imaging Measurement Report")=SEPARATE',
    );
    const group = lines.slice(lines.findIndex((line) => line.includes("Grader 1")));
    // Two voxels of .84 mm³; a pixel's larger and its smaller side.
    expect(group.filter((line) => line.startsWith("<contains NUM")).slice(0, 3)).toEqual([
      '<contains NUM:(118565006,SCT,"Volume")="1.68" (mm3,UCUM,"cubic millimeter")>',
      '<contains NUM:(103339001,SCT,"Long Axis")="0.7" (mm,UCUM,"millimeter")>',
      '<contains NUM:(103340004,SCT,"Short Axis")="0.6" (mm,UCUM,"millimeter")>',
    ]);
  });

  it.skipIf(!pydicom)("pydicom finds the patient, the study, the segments and pictures that are referred to", () => {
    const program = `import pydicom, json, sys
d, s = pydicom.dcmread(sys.argv[1]), pydicom.dcmread(sys.argv[2])
groups = [c for c in d.ContentSequence if c.ValueType == 'CONTAINER'][0].ContentSequence
named = lambda g, v: [c for c in g.ContentSequence if c.ConceptNameCodeSequence[0].CodeMeaning == v][0]
segments = [named(g, 'Referenced Segment').ReferencedSOPSequence[0] for g in groups]
evidence = d.CurrentRequestedProcedureEvidenceSequence[0]
print(json.dumps({'patient': str(d.PatientName), 'same': [d[t].value == s[t].value for t in ('PatientID', 'PatientBirthDate', 'StudyInstanceUID', 'StudyDate', 'StudyID', 'AccessionNumber')],
 'class': d.SOPClassUID.name, 'modality': d.Modality,
 'template': [d.ContentTemplateSequence[0].TemplateIdentifier, groups[0].ContentTemplateSequence[0].TemplateIdentifier],
 'segments': [[x.ReferencedSegmentNumber, x.ReferencedSOPInstanceUID == s.SOPInstanceUID, s.SegmentSequence[x.ReferencedSegmentNumber - 1].SegmentLabel] for x in segments],
 'tracking': list(set(named(g, 'Tracking Unique Identifier').UID for g in groups)) == list(set(x.TrackingUID for x in s.SegmentSequence)),
 'evidence': [[r.ReferencedSOPInstanceUID for r in x.ReferencedSOPSequence] for x in evidence.ReferencedSeriesSequence][1],
 'seg': evidence.ReferencedSeriesSequence[0].SeriesInstanceUID == s.SeriesInstanceUID}))`;
    expect(pythonJson(pydicom as string, program, report, seg)).toEqual({
      patient: PATIENT,
      same: Array(6).fill(true),
      class: "Comprehensive SR Storage",
      modality: "SR",
      template: ["1500", "1411"],
      segments: [
        [1, true, "Sample 01 (seed 42)"],
        [3, true, "Grader 1"],
        [4, true, "Grader 2"],
      ],
      tracking: true,
      evidence: [sopUid(1), sopUid(2), sopUid(3)],
      seg: true,
    });
  });
});
