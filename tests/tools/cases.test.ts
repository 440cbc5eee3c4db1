import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { areaPx } from "../../src/core/values/slice.ts";
import { openZip } from "../../src/io/bytes/zip.ts";
import { writeZip } from "../../src/io/bytes/zip-write.ts";
import { writeNpy } from "../../src/io/numpy/npy-write.ts";
import { type OpenedCase, type Pack, readPack } from "../../src/io/pack/pack.ts";
import { pngOfMask } from "../../src/io/raster/png-write.ts";
import { pngOf } from "../io/hostile/seed-files.ts";
import { type CtStudy, ctFile, idcSeg } from "../support/archive/study.ts";
import { ctSlice, lidcXml, type Square } from "../support/lidc-download.ts";
import { openPicture } from "../support/open-picture.ts";
import { missing, sharedFile } from "../support/shared.ts";

const root = resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "cases-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", "tsx", join(root, "tools/cases.ts"), ...args],
    {
      cwd: root,
      encoding: "utf8",
    },
  );
  return { status, stdout, stderr };
}

async function packIn(file: string): Promise<{ pack: Pack; cases: OpenedCase[] }> {
  const pack = await readPack(openZip(readFileSync(file), "pack.zip"), "pack.zip", openPicture);
  return { pack, cases: await Promise.all(pack.index.cases.map((_, k) => pack.open(k))) };
}

/** numpy's `<U5`: UTF-32, filled up with zeros. */
function textNpy(texts: readonly string[]): Uint8Array {
  const numbers = Int32Array.from(
    { length: 5 * texts.length },
    (_, i) => texts[Math.floor(i / 5)]?.codePointAt(i % 5) ?? 0,
  );
  const plain = writeNpy(numbers, [texts.length, 5]);
  const said = new TextDecoder("latin1").decode(plain.subarray(0, 128));
  const shape = `(${texts.length},)`;
  const header = said
    .replace("'<i4'", "'<U5'")
    .replace(`(${texts.length}, 5)`, shape.padEnd(`(${texts.length}, 5)`.length));
  plain.set(Uint8Array.from(header, (letter) => letter.charCodeAt(0)));
  return plain;
}

/** Row r: patient r, split val but for every fourth row, drawn by 1 + r mod 4 graders with squares that differ. */
function crops(rows: number): Uint8Array {
  const side = 32;
  const images = Uint8Array.from({ length: rows * side * side }, (_, i) => (i * 31) % 251);
  const masks = new Uint8Array((rows * 4 * side * side) / 8);
  for (let row = 0; row < rows; row++) {
    for (let grader = 0; grader <= row % 4; grader++) {
      for (let y = 8; y < 14 + grader; y++) masks[((row * 4 + grader) * side + y) * (side / 8) + 1] = 0xfc; // columns 8…13
    }
  }
  const whole = (values: number[]) => writeNpy(Int32Array.from(values), [rows]);
  const numbers = [...Array(rows).keys()];
  return writeZip({
    "images.npy": writeNpy(images, [rows, side, side]),
    "masks.npy": writeNpy(masks, [rows, 4, side, side / 8]),
    "patient.npy": whole(numbers),
    "nodule.npy": whole(numbers.map(() => 0)),
    "slice.npy": whole(numbers.map((row) => row % 3)),
    "split.npy": textNpy(numbers.map((row) => (row % 5 === 4 ? "test" : "val"))),
  });
}

describe("npm run cases, out of crops", () => {
  const source = join(folder, "crops.npz");
  const out = join(folder, "pack.zip");
  writeFileSync(source, crops(40));
  writeFileSync(join(folder, "cases.csv"), csv(40));
  mkdirSync(join(folder, "alone"));
  writeFileSync(join(folder, "alone", "crops.npz"), crops(4));

  it("makes a pack with 2, 3 and 4 graders, its attribution, spacing and ratings", async () => {
    const { status, stdout } = run(source, "--split", "val", "--pick", "6", "--out", out);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ cases: 6, by_graders: { "2": 2, "3": 2, "4": 2 }, out });
    const { pack, cases } = await packIn(out);
    expect(pack.index.attribution).toMatch(
      /LIDC-IDRI, CC BY 3\.0: .*10\.7937\/K9\/TCIA\.2015\.LO9QL9SX.*Changes: cropped/,
    );
    for (const one of cases) {
      const row = Number(one.id.replace("row-", ""));
      expect(row % 5).not.toBe(4); // of the split val
      expect(one.simulated).toBe(false);
      expect(one.region).toEqual([16, 16]);
      expect(one.slice.spacingMm).toEqual([0.5 + (row >> 3) / 100, 0.5 + (row >> 3) / 100]);
      expect(one.slice.values[5]).toBe(((row * 32 * 32 + 5) * 31) % 251);
      // grader g drew columns 8…13 of rows 8…13 + g: 6 · (6 + g) pixels
      const areas = one.graders.map(({ mask }) => mask && areaPx(mask));
      expect(areas).toEqual([0, 1, 2, 3].map((g) => (g <= row % 4 ? 6 * (6 + g) : null)));
      expect(one.graders[0]?.ratings).toEqual({ malignancy: 3, subtlety: 5 });
      expect(one.graders[1]?.ratings).toBeUndefined();
    }
  });

  it("says which lesion each case is a slice of, where the table does", async () => {
    run(source, "--split", "val", "--pick", "6", "--out", out);
    for (const { id, lesion } of (await packIn(out)).cases) {
      const row = Number(id.replace("row-", ""));
      expect(lesion).toEqual(row < 32 ? { series: `s${row >> 3}`, nodule: "0", zMm: 2 * row } : undefined);
    }
  });

  it("picks whole lesions with --lesions, evenly spread over those that all four drew, as nodules thins them", {
    tags: ["ci"],
  }, async () => {
    const { status, stdout } = run(source, "--lesions", "--pick", "2", "--out", out);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ cases: 16 });
    const { cases } = await packIn(out);
    const rows = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]; // the first and third of four
    expect(cases.map(({ id }) => id)).toEqual(rows.map((row) => `row-${row}`));
    expect(cases.map(({ draw }) => draw)).toEqual(rows);
    const words = ["--lesions", "--split", "test", "--out", out];
    expect(run(source, ...words).stderr).toContain('No lesion of the split "test" was drawn by every grader');
  });

  it("makes the same bytes again", () => {
    const again = join(folder, "again.zip");
    run(source, "--split", "val", "--pick", "6", "--out", out);
    run(source, "--split", "val", "--pick", "6", "--out", again);
    expect(Buffer.compare(readFileSync(out), readFileSync(again))).toBe(0);
  });

  it.each<[string[], string]>([
    [[source], "needs --out"],
    [["--out", out], "needs one source"],
    [[join(folder, "none.npz"), "--out", out], "there is no"],
    [[source, "--split", "vaal", "--out", out], 'no row of the split "vaal"'],
    [[source, "--pick", "0", "--out", out], "--pick is not a whole number"],
    [[source, "--tick", "3", "--out", out], "Unknown option '--tick'"],
    [[join(folder, "alone", "crops.npz"), "--lesions", "--out", out], "there is no cases.csv beside the crops"],
    [[join(folder, "cases.csv"), "--out", out], "cases.csv"],
  ])("refuses %j in one sentence", (args, sentence) => {
    const { status, stdout, stderr } = run(...args);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr.trim().split("\n")).toHaveLength(stderr.includes("slices\n") ? 2 : 1);
    expect(stderr.toLowerCase()).toContain(sentence.toLowerCase());
  });
});

/** Eight rows to a scan, 2 mm apart; those from 32 on have no place. */
function csv(rows: number): string {
  const lines = Array.from({ length: rows }, (_, row) => {
    const [scan, z] = [row >> 3, row < 32 ? 2 * row : ""];
    return `${row},${0.5 + scan / 100},3,,5,,p${scan},s${scan},0,${z}`;
  });
  return ["row,pixel_spacing_mm,malig0,malig1,subtl0,subtl1,patient,series_uid,nodule,z", ...lines].join("\n");
}

describe("npm run cases, out of a TCIA download", { tags: ["ci"] }, () => {
  const download = join(folder, "download");
  const out = join(folder, "series.zip");
  const at = (x: number, y: number, side: number): Square => ({ x, y, side });
  // series 1: slice 0 drawn by two, slice 1 by nobody, slice 2 by one alone; series 2: by four; series 3 has no read
  const marks: Record<number, (Square | null)[][]> = {
    1: [
      [at(40, 50, 12), null, at(40, 50, 12)],
      [at(42, 50, 10), null, null],
      [null, null, null],
      [null, null, null],
    ],
    2: [8, 10, 12, 14].map((side) => [null, at(100, 90, side), null]),
  };
  for (const series of [1, 2, 3]) {
    const place = join(download, `LIDC-IDRI-000${series}`, "study", `series-${series}`);
    mkdirSync(place, { recursive: true });
    const patient = series === 2 ? "DOE-JANE-77" : `LIDC-IDRI-000${series}`;
    for (const slice of [0, 1, 2]) writeFileSync(join(place, `1-00${slice}.dcm`), ctSlice(patient, series, slice));
    if (marks[series]) writeFileSync(join(place, `${series}.xml`), lidcXml(series, marks[series]));
  }
  writeFileSync(join(download, "no-ct.xml"), "<IdriReadMessage/>");

  it("reads one series after the other and takes the slices that two graders or more marked", async () => {
    const { status, stdout, stderr } = run(download, "--out", out);
    expect(stderr).toContain("no-ct.xml");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ cases: 2, by_graders: { "2": 1, "3": 0, "4": 1 } });
    const { pack, cases } = await packIn(out);
    expect(pack.index.attribution).toMatch(/LIDC-IDRI, CC BY 3\.0: .*Changes: single slices, contours rasterised\.$/);
    const [two, four] = cases as [OpenedCase, OpenedCase];
    // a square outline of side s encloses (s − 2)² pixels
    expect(two.graders.map(({ mask }) => mask && areaPx(mask))).toEqual([100, 64, null, null]);
    expect(four.graders.map(({ mask }) => mask && areaPx(mask))).toEqual([36, 64, 100, 144]);
    const { bits } = two.graders[0]!.mask!;
    expect(bits[51 * 160 + 41]).toBe(1); // the first pixel inside
    expect(bits[50 * 160 + 40]).toBe(0); // on the outline
    expect(two.region).toEqual([46, 56]); // the middle of columns 41…50 and rows 51…60, rounded up
    expect(two.graders[0]?.ratings).toMatchObject({ malignancy: 1, subtlety: 4 });
    expect(two.slice.unit).toBe("HU");
    expect(two.slice.spacingMm).toEqual([0.7, 0.7]);
    expect(two.slice.values[3]).toBe(100 + 21 - 1000);
  });

  it("names a case by LIDC's own number, and never by another patient's", async () => {
    const { cases } = await packIn(out);
    expect(cases.map(({ title }) => title)).toEqual([
      "LIDC-IDRI-0001, z 0.0 mm · 2 of 4 drew",
      "Scan 2, z −10.0 mm · 4 of 4 drew",
    ]);
    expect(readFileSync(out).includes("DOE")).toBe(false);
  });

  it("says that a folder has no splits, and that one without reads has no cases", () => {
    expect(run(download, "--split", "val", "--out", out).stderr).toContain("A folder has no splits");
    const bare = run(join(download, "LIDC-IDRI-0003"), "--out", out);
    expect(bare.status).toBe(2);
    expect(bare.stderr).toContain("No slice of the folder has marks of two graders");
  });
});

/** 40 × 40 pixels, 200 in a square from (x, y) on. */
function squarePng(x: number, y: number, side: number): Uint8Array {
  const bits = Uint8Array.from({ length: 1600 }, (_, i) => {
    const [column, row] = [i % 40, Math.floor(i / 40)];
    return column >= x && column < x + side && row >= y && row < y + side ? 1 : 0;
  });
  return pngOfMask({ width: 40, height: 40, bits });
}

function scanPng(seed: number): Uint8Array {
  return pngOf(
    40,
    40,
    8,
    0,
    Array.from({ length: 40 }, (_, y) => Uint8Array.from({ length: 40 }, (_v, x) => (x * seed + y) % 251)),
  );
}

function tree(name: string, files: Readonly<Record<string, Uint8Array>>): string {
  const root = join(folder, name);
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), bytes);
  }
  return root;
}

const areasOf = ({ graders }: OpenedCase) => graders.map(({ name, mask }) => [name, mask ? areaPx(mask) : 0]);

describe("npm run cases, out of folders with several readers' masks", () => {
  const out = join(folder, "layout.zip");

  it("of the HPU-Net's crops: four masks a picture, by the part that is asked for", async () => {
    const sides = [6, 8, 0, 10];
    const files: Record<string, Uint8Array> = { "test/images/LIDC-IDRI-0009/b.png": scanPng(3) };
    for (const part of ["train", "val"]) {
      files[`${part}/images/LIDC-IDRI-0001/z1_c0.png`] = scanPng(part === "val" ? 5 : 7);
      for (const [l, side] of sides.entries())
        files[`${part}/gt/LIDC-IDRI-0001/z1_c0_l${l}.png`] = squarePng(10, 12, side);
    }
    const source = tree("hpu", files);
    const { status, stdout } = run(source, "--split", "val", "--out", out);
    expect([status, JSON.parse(stdout).cases]).toEqual([0, 1]);
    const { pack, cases } = await packIn(out);
    expect(pack.index.attribution).toMatch(/LIDC-IDRI, CC BY 3\.0.*HPU-Net/);
    const [one] = cases as [OpenedCase];
    expect(areasOf(one)).toEqual([
      ["Grader 1", 36],
      ["Grader 2", 64],
      ["Grader 3", 0],
      ["Grader 4", 100],
    ]);
    expect([one.patient, one.title, ...one.region]).toEqual(["LIDC-IDRI-0001", "z1_c0 · 3 of 4 drew", 15, 17]);
    expect(one.slice.values[3]).toBe(15);
    expect(run(source, "--split", "other", "--out", out).stderr).toContain('no part called "other"');
  });

  it("of nnU-Net and of BIDS: a volume and labels of each reader, laid over it by geometry", {
    tags: ["ci"],
  }, async () => {
    const geometry = (k: number) => ({
      position: [1, 2, 3 + 2 * k] as const,
      rowDirection: [1, 0, 0] as const,
      columnDirection: [0, 1, 0] as const,
      thicknessMm: 2,
    });
    const volume = (values: Float32Array | Uint8Array, type: string) => {
      const header = [
        "NRRD0004",
        `type: ${type}`,
        "dimension: 3",
        "sizes: 40 40 2",
        "space: LPS",
        "space directions: (0.5,0,0) (0,0.5,0) (0,0,2)",
        `space origin: (${geometry(0).position.join(",")})`,
        "endian: little",
        "encoding: raw",
        "",
        "",
      ];
      return Buffer.concat([
        Buffer.from(header.join("\n")),
        Buffer.from(values.buffer, values.byteOffset, values.byteLength),
      ]);
    };
    const scan = volume(
      Float32Array.from({ length: 3200 }, (_, i) => (i % 97) - 40.5),
      "float",
    );
    // On slice 1 alone: columns from 5 on, rows 20 to 29, of label 1 and one pixel of label 2.
    const labels = (columns: number) =>
      volume(
        Uint8Array.from({ length: 3200 }, (_, i) => {
          const [k, y, x] = [Math.floor(i / 1600), Math.floor((i % 1600) / 40), i % 40];
          return k === 1 && y >= 20 && y < 30 && x >= 5 && x < 5 + columns ? (x === 5 && y === 20 ? 2 : 1) : 0;
        }),
        "uchar",
      );
    const nnunet = tree("nnunet", {
      "imagesTr/n1_0000.nrrd": scan,
      "anna/n1.nrrd": labels(4),
      "ben/n1.nrrd": labels(6),
    });
    const bids = tree("bids", {
      "sub-1/ct/sub-1_ct.nrrd": scan,
      "derivatives/x/sub-1/sub-1_desc-anna_mask.nrrd": labels(4),
      "derivatives/x/sub-1/sub-1_desc-ben_mask.nrrd": labels(6),
    });
    for (const source of [nnunet, bids]) {
      expect(run(source, "--out", out).status).toBe(0);
      const { pack, cases } = await packIn(out);
      const [one] = cases as [OpenedCase];
      expect([pack.index.title, cases.length, one.slice.spacingMm]).toEqual([source.split("/").at(-1), 1, [0.5, 0.5]]);
      expect(areasOf(one)).toEqual([
        ["anna", 40],
        ["ben", 60],
      ]);
      expect(one.title).toContain("slice 2 of 2 · 2 of 2 drew");
    }
  });

  it("leaves out what cannot be read, with its reason", async () => {
    const source = tree("broken", {
      "images/a.png": scanPng(3),
      "gt/a_l0.png": squarePng(5, 5, 9),
      "gt/a_l1.png": squarePng(5, 5, 9).subarray(0, 60),
    });
    const { status, stderr } = run(source, "--out", out);
    expect(status).toBe(2);
    expect(stderr).toMatch(/left out: .*a_l1\.png/);
    expect(stderr).toContain("No slice of the folder has marks of two readers");
  });
});

describe("npm run cases, out of series with one SEG a nodule and reader, as the IDC has LIDC's", () => {
  const out = join(folder, "idc.zip");
  const ct: CtStudy = { slices: 5, size: 40 };
  const files: Record<string, Uint8Array> = { "LICENSE.txt": new TextEncoder().encode("CC BY") };
  for (const tag of ["", ".5"]) {
    for (let k = 0; k < ct.slices; k++) files[`p${tag}/CT/${k}.dcm`] = ctFile(k, { ...ct, tag });
    for (const reader of tag ? [1, 2] : [1, 2, 3])
      files[`p${tag}/SEG${reader}/a.dcm`] = idcSeg({ nodule: 1, reader }, { ...ct, tag });
  }
  const drawn = (cases: readonly OpenedCase[]) => cases.map(({ graders }) => graders.map(({ mask }) => mask !== null));

  it("counts only those who drew, and with --readers those who drew nothing", async () => {
    const source = tree("idc", files);
    const { status, stdout, stderr } = run(source, "--out", out);
    expect([status, JSON.parse(stdout).by_graders]).toEqual([0, { "2": 1, "3": 1, "4": 0 }]);
    expect(stderr).toContain("who drew nothing is in no file");
    const { pack, cases } = await packIn(out);
    expect(pack.index.attribution).toMatch(/LIDC-IDRI, CC BY 3\.0: .*Imaging Data Commons/);
    expect(drawn(cases)).toEqual([
      [true, true],
      [true, true, true],
    ]);
    expect(run(source, "--readers", "4", "--out", out).status).toBe(0);
    expect(drawn((await packIn(out)).cases)).toEqual([
      [true, true, false, false],
      [true, true, true, false],
    ]);
    expect(run(source, "--readers", "1", "--out", out).stderr).toContain(
      "--readers is not a whole number from 2 to 100",
    );
  });

  it("says that --readers goes with nothing else", () => {
    const source = tree("hpu-readers", {
      "images/a.png": scanPng(3),
      "gt/a_l0.png": squarePng(1, 1, 9),
      "gt/a_l1.png": squarePng(1, 1, 9),
    });
    expect(run(source, "--readers", "4", "--out", out).stderr).toMatch(
      /^--readers goes with a folder of series and one SEG/m,
    );
  });
});

describe.skipIf(missing("lidc/crops.npz", "packs out of the real crops are not made"))(
  "npm run cases, out of LIDC",
  () => {
    it("picks 8 cases each of 2, 3 and 4 graders, over the whole range of disagreement", { tags: ["ci"] }, async () => {
      const out = join(folder, "lidc.zip");
      const { status, stdout } = run(
        sharedFile("lidc/crops.npz") as string,
        "--split",
        "val",
        "--pick",
        "24",
        "--out",
        out,
      );
      expect(status).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ cases: 24, by_graders: { "2": 8, "3": 8, "4": 8 } });
      const { cases } = await packIn(out);
      expect(new Set(cases.map(({ title }) => title.split(",")[0])).size).toBe(24); // 24 patients
      expect(cases.every(({ slice }) => slice.width === 128 && slice.values.includes(255))).toBe(true);
    });
  },
);
