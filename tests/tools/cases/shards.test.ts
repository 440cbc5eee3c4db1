import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { pngOfMask } from "../../../src/io/raster/png-write.ts";
import { makeCases } from "../../../tools/cases/command.ts";
import { type CtStudy, ctFile, idcSeg } from "../../support/archive/study.ts";
import { temporaryFolder, writeCases } from "../../support/cases.ts";
import { ctSlice, lidcXml, type Square } from "../../support/lidc-download.ts";

const root = resolve(import.meta.dirname, "../../..");
const folder = temporaryFolder();
const at = (name: string) => join(folder.path, name);
afterAll(() => folder.end());

function tree(name: string, files: Readonly<Record<string, Uint8Array | string>>): string {
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(at(name), path)), { recursive: true });
    writeFileSync(join(at(name), path), bytes);
  }
  return at(name);
}

function square(x: number, side: number): Uint8Array {
  const bits = Uint8Array.from({ length: 1600 }, (_, i) => {
    const [column, row] = [i % 40, Math.floor(i / 40)];
    return column >= x && column < x + side && row >= 9 && row < 9 + side ? 1 : 0;
  });
  return pngOfMask({ width: 40, height: 40, bits });
}

/** Five images of four patients, two to four readers, who differ more from image to image. */
function readImages(): string {
  const files: Record<string, Uint8Array> = {};
  for (let k = 0; k < 5; k++) {
    const place = `P${k >> (k > 3 ? 1 : 0)}/z${k}`;
    files[`images/${place}.png`] = square(3 + k, 20);
    for (let l = 0; l < 4; l++) files[`gt/${place}_l${l}.png`] = square(5, l < 2 + (k % 3) ? 8 + l + k : 0);
  }
  return tree("images", files);
}

/** Four images of as many patients as nnU-Net has them, with labels of two readers. */
function labelFolders(): string {
  const files: Record<string, Uint8Array> = {};
  for (let k = 0; k < 4; k++) {
    files[`imagesTr/n${k}_0000.png`] = square(3 + k, 20);
    files[`anna/n${k}.png`] = square(5, 8);
    files[`ben/n${k}.png`] = square(5 + k, 9);
  }
  return tree("labels", files);
}

/** Four series in LIDC's form, of three patients; the last has no read. */
function series(): string {
  const files: Record<string, Uint8Array | string> = {};
  for (const one of [1, 2, 3, 4]) {
    const patient = ["LIDC-IDRI-0001", "DOE-77", "LIDC-IDRI-0003", "LIDC-IDRI-0001"][one - 1] as string;
    for (const slice of [0, 1, 2]) files[`s${one}/1-${slice}.dcm`] = ctSlice(patient, one, slice);
    const marks = [0, 1, 2, 3].map((session) =>
      [0, 1, 2].map((slice): Square | null =>
        session > (slice + one) % 3 ? null : { x: 40, y: 50, side: 10 + session + one + slice },
      ),
    );
    if (one < 4) files[`reads/${one}.xml`] = lidcXml(one, marks);
  }
  files["reads/broken.xml"] = "<IdriReadMessage/>";
  return tree("series", files);
}

/** Four scans with one nodule each, of two or three readers. */
function segs(): string {
  const ct: CtStudy = { slices: 5, size: 40 };
  const files: Record<string, Uint8Array> = {};
  for (const tag of ["", ".5", ".6", ".7"]) {
    for (let k = 0; k < ct.slices; k++) files[`p${tag}/CT/${k}.dcm`] = ctFile(k, { ...ct, tag });
    for (const reader of tag.length > 0 ? [1, 2] : [1, 2, 3])
      files[`p${tag}/SEG${reader}/a.dcm`] = idcSeg({ nodule: 1, reader }, { ...ct, tag });
  }
  return tree("segs", files);
}

/** Ten rows of three readers who all draw, two rows a lesion, with their table. */
function crops(): string {
  mkdirSync(at("crops"), { recursive: true });
  const file = join(at("crops"), "crops.npz");
  writeCases(file, 10, 3);
  const rows = Array.from({ length: 10 }, (_, row) => `0.7,p${row >> 2},s${row >> 1},0,${row}`);
  writeFileSync(join(at("crops"), "cases.csv"), `pixel_spacing_mm,patient,series_uid,nodule,z\n${rows.join("\n")}\n`);
  return file;
}

let runs = 0;

async function shards(words: readonly string[], of: number): Promise<string[]> {
  const run = `run-${++runs}`;
  const paths = Array.from({ length: of }, (_, k) => at(`${run}-${k + 1}.part`));
  for (const [k, path] of paths.entries()) await makeCases([...words, "--shard", `${k + 1}/${of}`, "--out", path]);
  return paths;
}

const partsIn = (path: string) => (readFileSync(path, "utf8").match(/^\["parts",/gm) ?? []).length;

beforeAll(() => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});

describe("npm run cases -- merge writes the bytes of one run", () => {
  it.each<[string, () => string, string[], number]>([
    ["crops", crops, ["--pick", "4"], 4],
    ["whole lesions of crops", crops, ["--lesions", "--pick", "3"], 6], // two rows each
    ["LIDC's series and reads", series, ["--pick", "3"], 3],
    ["SEGs by nodule and reader", segs, ["--pick", "3"], 3],
    ["SEGs, of four readers", segs, ["--pick", "3", "--readers", "4"], 3],
    ["the HPU-Net's crops", readImages, ["--pick", "3"], 3],
    ["labels in a folder of each reader", labelFolders, ["--pick", "3"], 3],
  ])("of %s", async (_name, source, words, count) => {
    const given = [source(), ...words];
    const [one, joined] = [at("one.zip"), at("joined.zip")];
    const whole = await makeCases([...given, "--out", one]);
    expect(whole).toMatchObject({ cases: count });
    const parts = await shards(given, 3);
    // more was found than is picked, and in more shards than one: the choice is made of all
    expect(parts.filter((path) => partsIn(path) > 0).length).toBeGreaterThan(1);
    expect(await makeCases(["merge", ...parts.toReversed(), "--out", joined])).toEqual({ ...whole, out: joined });
    expect(Buffer.compare(readFileSync(joined), readFileSync(one))).toBe(0);
  });

  it("with more shards than there are images", async () => {
    const given = [readImages(), "--pick", "2"];
    await makeCases([...given, "--out", at("one.zip")]);
    await makeCases(["merge", ...(await shards(given, 7)), "--out", at("joined.zip")]);
    expect(Buffer.compare(readFileSync(at("joined.zip")), readFileSync(at("one.zip")))).toBe(0);
  });

  it("where the source lies elsewhere, by --source", async () => {
    const source = readImages();
    const parts = await shards([source], 2);
    await makeCases([source, "--out", at("one.zip")]);
    spawnSync("cp", ["-r", source, at("elsewhere")]);
    await makeCases(["merge", ...parts, "--source", at("elsewhere"), "--out", at("joined.zip")]);
    expect(Buffer.compare(readFileSync(at("joined.zip")), readFileSync(at("one.zip")))).toBe(0);
  });

  it("a shard has only its share of what is found", async () => {
    const source = readImages();
    // five images: floor(5/3) = 1, floor(10/3) = 3: one, two and two
    expect((await shards([source], 3)).map(partsIn)).toEqual([1, 2, 2]);
  });
});

describe("npm run cases -- merge", () => {
  it("says which shard is missing or there twice, and with --status what is there", async () => {
    const parts = await shards([readImages()], 3);
    const [first, , third] = parts as [string, string, string];
    expect(await makeCases(["merge", "--status", first, third])).toEqual({
      ...{ command: "cases", shards: 3, done: [1, 3], missing: [2] },
    });
    await expect(makeCases(["merge", first, third, "--out", at("x.zip")])).rejects.toThrow("Shard 2 of 3 is missing");
    await expect(makeCases(["merge", first, first, third, "--out", at("x.zip")])).rejects.toThrow("is there twice");
  });

  it("refuses parts of other words or of another source, by name", async () => {
    const source = readImages();
    const [first] = await shards([source], 2);
    const [, other] = await shards([source, "--pick", "3"], 2);
    await expect(makeCases(["merge", first as string, other as string, "--out", at("x.zip")])).rejects.toThrow(
      "--pick is 3, of the other 24",
    );
    const [, strange] = await shards([series()], 2);
    await expect(makeCases(["merge", first as string, strange as string, "--out", at("x.zip")])).rejects.toThrow(
      "the source is not the same",
    );
  });

  it("refuses a source that has changed since the shards", async () => {
    const source = tree("changing", {
      "images/a.png": square(3, 20),
      "gt/a_l0.png": square(5, 9),
      "gt/a_l1.png": square(5, 12),
    });
    const parts = await shards([source], 2);
    writeFileSync(join(source, "notes.txt"), "one more file");
    await expect(makeCases(["merge", ...parts, "--out", at("x.zip")])).rejects.toThrow("or it has changed");
    await expect(makeCases(["merge", ...parts, "--source", at("nowhere"), "--out", at("x.zip")])).rejects.toThrow(
      "name its place with --source",
    );
  });

  it("says that nothing was found only when all shards are there", async () => {
    const bare = tree("bare", { "a.dcm": ctSlice("LIDC-IDRI-0009", 9, 0) });
    const parts = await shards([bare], 2);
    await expect(makeCases(["merge", ...parts, "--out", at("x.zip")])).rejects.toThrow(
      "No slice of the folder has marks of two graders",
    );
  });
});

describe("a shard of npm run cases", () => {
  it("that is there is not run again, and a damaged one is, alone", async () => {
    const words = [readImages(), "--shard", "2/3", "--out", at("again.part")];
    expect(await makeCases(words)).toMatchObject({ shard: "2/3", measured: 2, kept: false });
    const whole = readFileSync(at("again.part"), "utf8");
    const long = new Date("2020-01-01");
    utimesSync(at("again.part"), long, long);
    expect(await makeCases(words)).toMatchObject({ measured: 2, kept: true });
    expect(statSync(at("again.part")).mtime).toEqual(long);
    writeFileSync(at("again.part"), whole.slice(0, -20));
    expect(await makeCases(words)).toMatchObject({ measured: 2, kept: false });
    expect(readFileSync(at("again.part"), "utf8").split("\n").slice(1, -2)).toEqual(whole.split("\n").slice(1, -2));
  });

  it("does not take the place of another run's part", async () => {
    const source = readImages();
    await makeCases([source, "--shard", "1/2", "--out", at("taken.part")]);
    await expect(makeCases([source, "--pick", "3", "--shard", "1/2", "--out", at("taken.part")])).rejects.toThrow(
      "a part of another run is there: --pick is 24",
    );
    await expect(makeCases([at("none"), "--shard", "1/2", "--out", at("y.part")])).rejects.toThrow("There is no ");
    await expect(makeCases([source, "--shard", "3/2", "--out", at("y.part")])).rejects.toThrow('--shard is "3/2"');
  });

  it("runs in the files for Slurm, with GRADERSPACE", { tags: ["ci"] }, async () => {
    const source = readImages();
    const parts = at("slurm-parts");
    const env = { ...process.env, GRADERSPACE: `${process.execPath} --import tsx tools/cases.ts` };
    const bash = (words: string[], more: Record<string, string> = {}) =>
      spawnSync("bash", words, { cwd: root, encoding: "utf8", env: { ...env, ...more } });
    for (const task of ["1", "2"]) {
      const more = { SLURM_ARRAY_TASK_ID: task, SLURM_ARRAY_TASK_COUNT: "2" };
      expect(bash(["tools/cluster/shards.sbatch", parts, source, "--pick", "3"], more).status).toBe(0);
    }
    const merged = bash(["tools/cluster/merge.sbatch", parts, at("slurm.zip")]);
    expect([merged.status, JSON.parse(merged.stdout).cases]).toEqual([0, 3]);
    await makeCases([source, "--pick", "3", "--out", at("one.zip")]);
    expect(Buffer.compare(readFileSync(at("slurm.zip")), readFileSync(at("one.zip")))).toBe(0);
  });
});
