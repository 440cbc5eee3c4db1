import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { GraderspaceError } from "../../../src/core/errors.ts";
import { nrrdStack, openNrrd } from "../../../src/io/nrrd/nrrd.ts";
import { isSegmentation, segmentMarks } from "../../../src/io/nrrd/nrrd-segments.ts";

async function openNrrdImage(bytes: Uint8Array, name: string) {
  return nrrdStack(await openNrrd(bytes, name), name);
}

function nrrd(header: readonly string[], data: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`NRRD0004\n# a comment\n${header.join("\n")}\n\n`), data]);
}

const LPS = [
  "space: left-posterior-superior",
  "space directions: (0.5,0,0) (0,0.75,0) (0,0,2)",
  "space origin: (10,20,30)",
];
const SMALL = ["type: short", "dimension: 3", "sizes: 3 2 2", "endian: little", "encoding: raw"];
const twelve = new Uint8Array(Int16Array.from({ length: 12 }, (_, i) => i).buffer);
const second = [6, 7, 8, 9, 10, 11];

async function refused(bytes: Uint8Array): Promise<string> {
  return openNrrdImage(bytes, "a.nrrd")
    .then((stack) => stack.slice(stack.frames - 1))
    .then(
      () => "read",
      (error: GraderspaceError) => `${error.tag}: ${error.message}`,
    );
}

describe("NRRD", () => {
  it("reads raw, gzip and text, in both byte orders", async () => {
    const swapped = twelve.map((_, i) => twelve[i ^ 1] as number);
    const text = Buffer.from([...Array(12).keys()].join(" "));
    const files = [
      nrrd([...SMALL, ...LPS], twelve),
      nrrd(["type: int16", "dimension: 3", "sizes: 3 2 2", "endian: big", "encoding: raw"], swapped),
      nrrd(["type: short", "dimension: 3", "sizes: 3 2 2", "endian: little", "encoding: gzip"], gzipSync(twelve)),
      nrrd(["type: double", "dimension: 3", "sizes: 3 2 2", "encoding: ascii"], text),
    ];
    for (const file of files) {
      const stack = await openNrrdImage(file, "a.nrrd");
      expect(stack.frames).toBe(2);
      expect([...(await stack.slice(1)).values]).toEqual(second);
    }
  });

  it("turns each patient space into LPS", async () => {
    const at = async (space: string) => {
      const [, directions, origin] = LPS as [string, string, string];
      const stack = await openNrrdImage(nrrd([...SMALL, `space: ${space}`, directions, origin], twelve), "a.nrrd");
      return (await stack.slice(1)).geometry;
    };
    expect((await at("left-posterior-superior"))?.position).toEqual([10, 20, 32]);
    expect(await at("RAS")).toEqual({
      position: [-10, -20, 32],
      rowDirection: [-1, 0, 0],
      columnDirection: [0, -1, 0],
      thicknessMm: 2,
    });
    expect((await at("LAS"))?.position).toEqual([10, -20, 32]);
    expect(await at("scanner-xyz")).toBeNull();
  });

  it("has its spacing as [between rows, between columns], from directions or from spacings", async () => {
    expect((await (await openNrrdImage(nrrd([...SMALL, ...LPS], twelve), "a")).slice(0)).spacingMm).toEqual([
      0.75, 0.5,
    ]);
    const plain = nrrd([...SMALL, "spacings: 0.5 0.75 nan"], twelve);
    expect((await (await openNrrdImage(plain, "a")).slice(0)).spacingMm).toEqual([0.75, 0.5]);
    expect((await (await openNrrdImage(nrrd(SMALL, twelve), "a")).slice(0)).spacingMm).toBeNull();
  });

  it("reads a list axis before or after the axes of space", async () => {
    // Layer l of pixel p is 2p + l, the layers fastest.
    const header = ["type: uchar", "dimension: 4", "encoding: raw", "space: LPS", "space origin: (0,0,0)"];
    const first = nrrd(
      [
        ...header,
        "sizes: 2 3 2 1",
        "space directions: none (1,0,0) (0,1,0) (0,0,1)",
        "kinds: list domain domain domain",
      ],
      Uint8Array.from(Array(12).keys()),
    );
    const volume = await openNrrd(first, "a");
    expect([...volume.values(0, 1)]).toEqual([1, 3, 5, 7, 9, 11]);
    const last = nrrd(
      [
        ...header,
        "sizes: 3 2 1 2",
        "space directions: (1,0,0) (0,1,0) (0,0,1) none",
        "kinds: domain domain domain list",
      ],
      Uint8Array.from(Array(12).keys()),
    );
    expect([...(await openNrrd(last, "a")).values(0, 1)]).toEqual(second);
  });

  it("gives the segments of a .seg.nrrd by layer and label, under their names", async () => {
    const header = [
      "type: uchar",
      "dimension: 4",
      "encoding: raw",
      "space: LPS",
      "space origin: (0,0,0)",
      "sizes: 2 2 2 1",
      "space directions: none (1,0,0) (0,1,0) (0,0,1)",
    ];
    const segments = [
      "Segment0_ID:=a",
      "Segment0_Name:=Reader A",
      "Segment0_Layer:=0",
      "Segment0_LabelValue:=1",
      "Segment1_ID:=b",
      "Segment1_Name:=Reader B",
      "Segment1_Layer:=1",
      "Segment1_LabelValue:=2",
    ];
    // Pixels (layer 0, layer 1): (1, 0) (0, 2) (1, 2) (0, 0).
    const volume = await openNrrd(nrrd([...header, ...segments], Uint8Array.of(1, 0, 0, 2, 1, 2, 0, 0)), "a.seg.nrrd");
    expect(isSegmentation(volume)).toBe(true);
    const { graders } = segmentMarks(volume, "a.seg.nrrd");
    expect(graders.map(({ name }) => name)).toEqual(["Reader A", "Reader B"]);
    expect([...(graders[0]?.planes[0]?.values ?? [])]).toEqual([255, 0, 255, 0]);
    expect([...(graders[1]?.planes[0]?.values ?? [])]).toEqual([0, 255, 255, 0]);
  });

  it("refuses what it does not read, with the reason", async () => {
    expect(await refused(nrrd([...SMALL, "data file: other.raw"], twelve))).toContain("another file");
    expect(await refused(nrrd(["type: block", "dimension: 2", "sizes: 1 1"], twelve))).toContain("UnsupportedPixels");
    expect(await refused(nrrd(["type: short", "dimension: 2", "sizes: 3 2", "encoding: bzip2"], twelve))).toContain(
      "bzip2",
    );
    const colour = ["type: uchar", "dimension: 3", "sizes: 3 2 2", "kinds: RGB-color domain domain"];
    expect(await refused(nrrd(colour, twelve))).toContain("several numbers");
    expect(await refused(nrrd(SMALL, twelve.subarray(0, 23)))).toContain("TruncatedFile");
    expect(await refused(nrrd(["type: short", "dimension: 3", "sizes: 99999 99999 2"], twelve))).toContain("TooLarge");
    expect(await refused(Buffer.from("NRRD0004\ntype: short\n"))).toContain("DamagedFile");
  });
});
