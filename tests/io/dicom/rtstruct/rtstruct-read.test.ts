import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Opened, openFile, openFiles } from "../../../../src/io/open/open.ts";
import { ctDicom } from "../../../support/ct-dicom.ts";
import { dicomBytes, type Written } from "../../../support/dicom-bytes.ts";
import { english } from "../../../support/english.ts";
import { python, runTool, temporaryFolder, tool } from "../../../support/tools.ts";

const PLACE = { spacingMm: [0.8, 0.5], thicknessMm: 2, rowDirection: [1, 0, 0], columnDirection: [0, 1, 0] } as const;
const [WIDTH, HEIGHT] = [16, 12];
/** Slice k lies at (−3, 5, 2k), and is called 1.2.3.4.5.k. */
const ct = (k: number) =>
  ctDicom({
    width: WIDTH,
    height: HEIGHT,
    values: Array.from({ length: WIDTH * HEIGHT }, (_, i) => (i * 7) % 300),
    position: [-3, 5, 2 * k],
    sopInstanceUid: `1.2.3.4.5.${k}`,
    ...PLACE,
  });

interface Contour {
  /** Columns and rows of slice `k`. */
  readonly pixels: readonly (readonly [number, number])[];
  readonly k: number;
  readonly uid?: string;
  readonly kind?: string;
}
interface Roi {
  readonly name: string;
  readonly contours: readonly Contour[];
}

const contour = ({ pixels, k, uid, kind = "CLOSED_PLANAR" }: Contour): Written[] => [
  ...(uid ? [[0x30060016, "SQ", { items: [[[0x00081155, "UI", uid]]] }] as Written] : []),
  [0x30060042, "CS", kind],
  [0x30060046, "IS", `${pixels.length}`],
  [
    0x30060050,
    "DS",
    pixels.map(([x, y]) => `${(-3 + 0.5 * x).toFixed(3)}\\${(5 + 0.8 * y).toFixed(3)}\\${2 * k}`).join("\\"),
  ],
];

function rtStruct(rois: readonly Roi[], series: string | null = "1.2.3.4.5", ...more: Written[]): Uint8Array {
  const reference: Written[] = series
    ? [
        [
          0x30060010,
          "SQ",
          {
            items: [[[0x30060012, "SQ", { items: [[[0x30060014, "SQ", { items: [[[0x0020000e, "UI", series]]] }]]] }]]],
          },
        ],
      ]
    : [];
  return dicomBytes("1.2.840.10008.1.2.1", [
    [0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.481.3"],
    [0x00080018, "UI", "1.2.9.1"],
    [0x00080060, "CS", "RTSTRUCT"],
    ...reference,
    [
      0x30060020,
      "SQ",
      {
        items: rois.map(({ name }, i): Written[] => [
          [0x30060022, "IS", `${i + 1}`],
          [0x30060026, "LO", name],
        ]),
      },
    ],
    [
      0x30060039,
      "SQ",
      {
        items: rois.map(({ contours }, i): Written[] => [
          [0x30060040, "SQ", { items: contours.map(contour) }],
          [0x30060084, "IS", `${i + 1}`],
        ]),
      },
    ],
    ...more,
  ]);
}

const square = (x: number, y: number, side: number): (readonly [number, number])[] => [
  [x, y],
  [x + side, y],
  [x + side, y + side],
  [x, y + side],
];

async function marked(rtss: Uint8Array, slices = [0, 1, 2]) {
  const files = slices.map((k) => ({ name: `${k}.dcm`, bytes: ct(k) }));
  return stackOf(await openFiles([...files, { name: "rs.dcm", bytes: rtss }]));
}
function stackOf(opened: Opened) {
  if (opened.kind !== "image") throw new Error(opened.kind);
  return opened.stack;
}
/** Places of the marked pixels as "x,y", by grader. */
async function drawnOn(stack: Awaited<ReturnType<typeof marked>>, k: number) {
  const graders = (await stack.graders?.(k)) ?? [];
  return graders.map(({ name, mask }) => [
    name,
    [...(mask?.bits ?? [])].flatMap((bit, i) => (bit ? [`${i % WIDTH},${Math.floor(i / WIDTH)}`] : [])).join(" "),
  ]);
}

describe("RTSTRUCT", () => {
  it("marks the pixels whose centres lie inside, each region a grader, one without contours too", async () => {
    const rois = [
      { name: "Anna", contours: [{ pixels: square(1.5, 2.5, 2), k: 1, uid: "1.2.3.4.5.1" }] },
      { name: "Ben", contours: [] },
    ];
    const stack = await marked(rtStruct(rois));
    expect(await drawnOn(stack, 1)).toEqual([
      ["Anna", "2,3 3,3 2,4 3,4"],
      ["Ben", ""],
    ]);
    expect(await drawnOn(stack, 0)).toEqual([
      ["Anna", ""],
      ["Ben", ""],
    ]);
    expect(english(stack.notes).join(" | ")).toContain(
      "rs.dcm: each of its 2 regions of interest is taken for a grader: Anna, Ben",
    );
  });

  it("is matched by the picture that a contour names, else by the plane that it lies in", async () => {
    const by = (uid?: string, series: string | null = "1.2.3.4.5") => {
      const one: Contour = { pixels: square(1.5, 2.5, 1), k: 1 };
      return marked(rtStruct([{ name: "A", contours: [uid ? { ...one, uid } : one] }], series));
    };
    const shows = async (stack: Awaited<ReturnType<typeof marked>>) =>
      Promise.all([0, 1, 2].map(async (k) => (await drawnOn(stack, k))[0]?.[1]));
    expect(await shows(await by("1.2.3.4.5.1"))).toEqual(["", "2,3", ""]);
    // The picture counts, whatever the plane; within its own series a name of no picture here is no picture here.
    expect(await shows(await by("1.2.3.4.5.2"))).toEqual(["", "", "2,3"]);
    expect(await shows(await by("1.2.9"))).toEqual(["", "", ""]);
    expect(await shows(await by())).toEqual(["", "2,3", ""]);
    const other = await by("1.2.9", "1.2.77");
    expect(await shows(other)).toEqual(["", "2,3", ""]);
    expect(english(other.notes).join()).toContain(
      "it names another series; its contours are laid on the slices of their planes",
    );
  });

  it("has contours of one region together, XOR ones turned round, and a hole by a keyhole", async () => {
    const [outer, inner] = [square(0.5, 0.5, 3), square(1.5, 1.5, 1)];
    const ring = "1,1 2,1 3,1 1,2 3,2 1,3 2,3 3,3";
    const keyhole = [...outer, outer[0] as [number, number], ...inner, inner[0] as [number, number]];
    const rois = [
      {
        name: "both",
        contours: [
          { pixels: outer, k: 1 },
          { pixels: inner, k: 1 },
        ],
      },
      {
        name: "xor",
        contours: [
          { pixels: inner, k: 1, kind: "CLOSEDPLANAR_XOR" },
          { pixels: outer, k: 1, kind: "CLOSEDPLANAR_XOR" },
        ],
      },
      { name: "keyhole", contours: [{ pixels: keyhole, k: 1 }] },
    ];
    const drawn = Object.fromEntries(await drawnOn(await marked(rtStruct(rois)), 1));
    expect(drawn).toEqual({ both: ring.replace("1,2 3,2", "1,2 2,2 3,2"), xor: ring, keyhole: ring });
  });

  it("alone is marks; of another place it is left out with the reason; points enclose nothing", async () => {
    const rois = [
      {
        name: "A",
        contours: [
          { pixels: square(1.5, 2.5, 1), k: 1 },
          { pixels: [[1, 1]] as const, k: 1, kind: "POINT" },
        ],
      },
    ];
    const alone = await openFile({ name: "rs.dcm", bytes: rtStruct(rois) });
    if (alone.kind !== "marks") throw new Error(alone.kind);
    expect(english(alone.notes).join()).toContain("points or open lines, which enclose nothing, and are left out (1)");
    const far = await marked(rtStruct([{ name: "A", contours: [{ pixels: square(1.5, 2.5, 1), k: 40 }] }], null));
    expect(english(far.notes).join()).toContain("none of its contours lies in the plane of a slice here");
  });

  it("that contradicts itself is refused", async () => {
    const refusal = async (rois: readonly Roi[], ...more: Written[]) =>
      openFile({ name: "rs.dcm", bytes: rtStruct(rois, null, ...more) }).then(
        () => "read",
        (error) => `${error.tag}: ${error.message}`,
      );
    expect(await refusal([])).toContain("DamagedFile: rs.dcm: it names no region");
    const raw = (data: string): Written => [
      0x30060039,
      "SQ",
      {
        items: [
          [
            [
              0x30060040,
              "SQ",
              {
                items: [
                  [
                    [0x30060042, "CS", "CLOSED_PLANAR"],
                    [0x30060050, "DS", data],
                  ],
                ],
              },
            ],
            [0x30060084, "IS", "1"],
          ],
        ],
      },
    ];
    const bytes = (data: string, number = "1") =>
      dicomBytes("1.2.840.10008.1.2.1", [
        [0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.481.3"],
        [
          0x30060020,
          "SQ",
          {
            items: [
              [
                [0x30060022, "IS", number],
                [0x30060026, "LO", "A"],
              ],
            ],
          },
        ],
        raw(data),
      ]);
    const said = (file: Uint8Array) =>
      openFile({ name: "rs.dcm", bytes: file }).then(
        () => "read",
        (error) => error.message,
      );
    expect(await said(bytes("1\\2\\3\\4\\5\\6\\7\\8"))).toContain("one of its contours ends within a point");
    expect(await said(bytes("1\\2\\3\\4\\x\\6\\7\\8\\9"))).toContain("text that is no number");
    expect(await said(bytes("1\\2\\3\\4\\5\\6\\7\\8\\9", "7"))).toContain("belong to no region that it names");
    expect(await said(bytes("1\\2\\3\\4\\5\\6\\7\\8\\9"))).toBe("read");
  });
});

const [plastimatch, interpreter] = [tool("plastimatch"), python(["pydicom", "nibabel"])];

/** The structure set of `rois` as pydicom writes it for the slices of a folder. */
const WRITE = `
import json, sys, glob
from pydicom import dcmread
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian
folder, rois = sys.argv[1], json.loads(sys.argv[2])
slices = sorted((dcmread(f) for f in glob.glob(folder + '/ct/*.dcm')), key=lambda d: d.ImagePositionPatient[2])
def made(**k):
    d = Dataset()
    for a, b in k.items(): setattr(d, a, b)
    return d
d = made(SOPClassUID='1.2.840.10008.5.1.4.1.1.481.3', SOPInstanceUID='1.2.9.1', Modality='RTSTRUCT', PatientID='p', PatientName='n',
    StudyInstanceUID=slices[0].StudyInstanceUID, SeriesInstanceUID='1.2.9', StructureSetLabel='s', FrameOfReferenceUID='1.2.8')
images = [made(ReferencedSOPClassUID=s.SOPClassUID, ReferencedSOPInstanceUID=s.SOPInstanceUID) for s in slices]
series = made(SeriesInstanceUID=slices[0].SeriesInstanceUID, ContourImageSequence=images)
study = made(ReferencedSOPClassUID='1.2.840.10008.3.1.2.3.1', ReferencedSOPInstanceUID='1.2.3.4', RTReferencedSeriesSequence=[series])
d.ReferencedFrameOfReferenceSequence = [made(FrameOfReferenceUID=slices[0].get('FrameOfReferenceUID', '1.2.8'), RTReferencedStudySequence=[study])]
d.StructureSetROISequence = [made(ROINumber=i + 1, ROIName=r['name'], ReferencedFrameOfReferenceUID='1.2.8', ROIGenerationAlgorithm='MANUAL') for i, r in enumerate(rois)]
d.ROIContourSequence = [made(ReferencedROINumber=i + 1, ROIDisplayColor=[255, 0, 0], ContourSequence=[
    made(ContourImageSequence=[images[k]], ContourGeometricType='CLOSED_PLANAR', NumberOfContourPoints=len(p) // 3, ContourData=p) for k, p in r['contours']]) for i, r in enumerate(rois)]
d.RTROIObservationsSequence = [made(ObservationNumber=i + 1, ReferencedROINumber=i + 1, RTROIInterpretedType='', ROIInterpreter='') for i in range(len(rois))]
d.file_meta = FileMetaDataset(); d.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
d.file_meta.MediaStorageSOPClassUID, d.file_meta.MediaStorageSOPInstanceUID = d.SOPClassUID, d.SOPInstanceUID
d.is_little_endian, d.is_implicit_VR = True, False
d.save_as(folder + '/rs.dcm', write_like_original=False)
`;

it.skipIf(!plastimatch || !interpreter)(
  "contours that pydicom writes mark the pixels that plastimatch marks",
  { tags: ["ci"] },
  async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "ct"));
    for (const k of [0, 1, 2]) writeFileSync(join(folder, `ct/${k}.dcm`), ct(k));
    const round = (cx: number, cy: number, r: number, z: number) =>
      Array.from({ length: 23 }, (_, i) => (2 * Math.PI * i) / 23).flatMap((a) => [
        Number((cx + r * Math.cos(a)).toFixed(3)),
        Number((cy + r * Math.sin(a) * 0.8).toFixed(3)),
        z,
      ]);
    const rois = [
      {
        name: "one",
        contours: [
          [0, round(0.13, 8.21, 1.9, 0)],
          [1, round(0.4, 9.03, 2.4, 2)],
        ],
      },
      {
        name: "two",
        contours: [
          [1, round(1.07, 9.9, 1.3, 2)],
          [1, round(-1.6, 7, 0.9, 2)],
          [2, round(2.3, 11.1, 2.2, 4)],
        ],
      },
    ];
    execFileSync(interpreter as string, ["-c", WRITE, folder, JSON.stringify(rois)]);
    const out = join(folder, "out");
    runTool(plastimatch as string, [
      "convert",
      "--input",
      join(folder, "rs.dcm"),
      "--referenced-ct",
      join(folder, "ct"),
      "--output-prefix",
      out,
      "--prefix-format",
      "nii",
    ]);
    const stack = await marked(new Uint8Array(readFileSync(join(folder, "rs.dcm"))));
    const program =
      "import sys,json,nibabel as n; print(json.dumps([n.load(f).get_fdata().ravel(order='F').tolist() for f in sys.argv[1:]]))";
    const files = ["one", "two"].map((name) => join(out, `${name}.nii`));
    const theirs = JSON.parse(
      execFileSync(interpreter as string, ["-c", program, ...files], { encoding: "utf8" }),
    ) as number[][];
    const pixels = WIDTH * HEIGHT;
    for (const k of [0, 1, 2]) {
      const graders = (await stack.graders?.(k)) ?? [];
      for (const [g, { mask }] of graders.entries()) {
        const bits = [...(mask?.bits ?? new Uint8Array(pixels))];
        expect(bits).toEqual(theirs[g]?.slice(k * pixels, (k + 1) * pixels));
      }
      expect(graders.length).toBe(2);
    }
    expect(theirs.map((one) => one.reduce((sum, bit) => sum + bit, 0)).every((area) => area > 40)).toBe(true);
  },
);
