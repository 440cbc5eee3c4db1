import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compare } from "../../../src/cli/compare.ts";
import { evaluate } from "../../../src/cli/evaluate.ts";
import { openZip } from "../../../src/io/bytes/zip.ts";
import { writeZip } from "../../../src/io/bytes/zip-write.ts";
import { type NpyData, writeNpy } from "../../../src/io/numpy/npy-write.ts";
import { openNpz } from "../../../src/io/numpy/npz.ts";
import { writeNpz } from "../../../src/io/numpy/npz-write.ts";
import { writePack } from "../../../src/io/pack/pack-write.ts";
import { ballCases } from "../../support/ball-pack.ts";
import { temporaryFolder, writeCases } from "../../support/cases.ts";

const SYSTEMS = ["tiny-general", "tiny-m-heads", "tiny-dropout-unet"];
const folder = temporaryFolder();
const path = (name: string) => join(folder.path, name);
const cases = path("cases.npz");
beforeAll(() => writeCases(cases, 4));
afterAll(() => folder.end());

type Figures = Record<string, number | null>;
const SAME = ["ged2", "hm_iou", "diversity", "nestedness", "presence", "ged2_presence", "ged2_floor"];
const sameOf = (figures: Figures) => Object.fromEntries(SAME.map((name) => [name, figures[name]]));

/** Each system's own figures, and its dump under its name in one file, as somebody would bring them. */
async function dumped(file: string, ...words: string[]) {
  const own: Record<string, Figures> = {};
  const arrays: Record<string, { values: NpyData; shape: readonly number[] }> = {};
  for (const name of SYSTEMS) {
    const dump = path(`${name}.npz`);
    own[name] = (await evaluate([
      file,
      "--model",
      `tests/golden/${name}`,
      "--count",
      "3",
      "--dump",
      dump,
      ...words,
    ])) as Figures;
    const read = openNpz(openZip(readFileSync(dump), "dump"), "dump");
    for (const array of ["samples", "rows"]) {
      const found = read.get(array);
      if (!found) throw new Error(`no ${array}`);
      const bytes = await found.bytes(0, found.rows);
      const values = array === "rows" ? new Int32Array(bytes.slice().buffer) : bytes;
      arrays[array === "rows" ? "rows" : `samples_${name}`] = { values, shape: found.header.shape };
    }
  }
  return { own, arrays };
}

describe("evaluate --samples", () => {
  it("gives the dumps of three systems the figures of the systems themselves", async () => {
    const { own, arrays } = await dumped(cases);
    writeFileSync(path("given.npz"), writeNpz(arrays));
    const given = (await evaluate([cases, "--samples", path("given.npz")])) as unknown as Record<string, Figures>;
    for (const name of SYSTEMS) {
      expect(sameOf(given[name] as Figures), name).toEqual(sameOf(own[name] as Figures)); // six digits, as printed
      expect(given[name]).toMatchObject({ cases: 4, count: 3, kl_per_axis: null, kl_fields: null });
      expect(Object.keys(given[name] as Figures)).toEqual(expect.arrayContaining(["dice_of_masks", "ece_of_masks"]));
      expect(given[name]).not.toHaveProperty("dice");
    }
  }, 120_000);

  it("takes a dump as it is, flat where it is of one system, by the rows that it names", async () => {
    const dump = path("some.npz");
    const words = [cases, "--model", "tests/golden/tiny-general", "--count", "2", "--limit", "2"];
    const own = (await evaluate([...words, "--dump", dump])) as unknown as Figures;
    const given = (await evaluate([cases, "--limit", "2", "--samples", dump])) as unknown as Figures;
    expect(sameOf(given)).toEqual(sameOf(own));
    await expect(evaluate([cases, "--samples", dump])).rejects.toThrow("no samples for 2 of the 4 cases, case 2 first");
  });

  it("refuses more samples than there are, and runs a network only where one is named", async () => {
    const dump = path("some.npz");
    const words = [cases, "--limit", "2", "--samples", dump];
    await expect(evaluate([...words, "--count", "3"])).rejects.toThrow("--count asks for 3, and there are 2 samples");
    const both = (await evaluate([...words, "--model", "tests/golden/tiny-general"])) as unknown as Record<
      string,
      Figures
    >;
    expect(Object.keys(both)).toEqual(["tiny-general", "some", "seconds"]);
    expect(sameOf(both["some"] as Figures)).toEqual(sameOf(both["tiny-general"] as Figures));
    const twice = [...words, "--model", "tests/golden/tiny-general", "--dump", path("x.npz")];
    await expect(evaluate(twice)).rejects.toThrow("--dump holds the samples of one system");
  });

  it("matches rows by id where both have one, whatever their order", async () => {
    // Two cases of 8 × 8, one grader each: the first marks the left half, the second the right one.
    const half = (right: boolean) => Uint8Array.from({ length: 64 }, (_, i) => Number(i % 8 >= 4 === right));
    const masks = new Uint8Array([...half(false), ...half(true)]);
    const images = Uint8Array.from({ length: 128 }, (_, i) => i % 50);
    const id = { values: Int32Array.of(7, 9), shape: [2] };
    writeFileSync(
      path("ids.npz"),
      writeNpz({ images: { values: images, shape: [2, 8, 8] }, masks: { values: masks, shape: [2, 1, 8, 8] }, id }),
    );
    const turned = new Float32Array([...half(true), ...half(false)]);
    writeFileSync(
      path("turned.npz"),
      writeNpz({
        samples_m: { values: turned, shape: [2, 1, 8, 8] },
        id: { values: Int32Array.of(9, 7), shape: [2] },
      }),
    );
    const matched = (await evaluate([path("ids.npz"), "--samples", path("turned.npz")])) as unknown as Figures;
    expect(matched).toMatchObject({ ged2: 0, hm_iou: 1 });
    writeFileSync(path("placed.npz"), writeNpz({ samples_m: { values: turned, shape: [2, 1, 8, 8] } }));
    const placed = (await evaluate([path("ids.npz"), "--samples", path("placed.npz")])) as unknown as Figures;
    expect(placed).toMatchObject({ ged2: 2, hm_iou: 0 }); // every sample misses its grader: 2·1 − 0 − 0
  });

  it("is the same in shards that are merged, and names the file of samples among what a run is told by", async () => {
    const { merge } = await import("../../../src/cli/shards/merge.ts");
    const words = [cases, "--samples", path("given.npz"), "--untimed"];
    const whole = await evaluate(words);
    const parts = [path("a.part"), path("b.part")];
    for (const [k, part] of parts.entries()) await evaluate([...words, "--shard", `${k + 1}/2`, "--out", part]);
    expect(await merge([...parts, "--untimed"])).toEqual(whole);
    await expect(
      evaluate([cases, "--samples", path("placed.npz"), "--untimed", "--shard", "1/2", "--out", parts[0] as string]),
    ).rejects.toThrow("--samples is not the same");
  });

  it("reads what a pack holds itself, masks and arrays, where it says `own`", async () => {
    const balls = ballCases(2);
    const files = writePack("Balls", "", balls);
    const index = JSON.parse(new TextDecoder().decode(files["pack.json"]));
    for (const [k, ball] of balls.entries()) {
      // The graders themselves: each sample is one of them, so nothing parts the two sets.
      const masks = ball.graders.map(({ mask }) => mask?.bits ?? new Uint8Array(160 * 160));
      files[`${k}.npy`] = writeNpy(new Uint8Array(masks.flatMap((bits) => [...bits])), [4, 160, 160]);
      const drawn = index.cases[k].graders.map(({ mask }: { mask: string | null }) => mask);
      index.cases[k].samples = { graders: [`${k}.npy`], first: [drawn[0]] };
    }
    files["pack.json"] = new TextEncoder().encode(JSON.stringify(index));
    writeFileSync(path("balls.zip"), writeZip(files));
    const read = (await evaluate([path("balls.zip"), "--samples", "own", "--count", "1"])) as unknown as Record<
      string,
      Figures
    >;
    expect(sameOf(read["first"] as Figures)).toEqual(sameOf(read["graders"] as Figures)); // the first of both
    const only = (await evaluate([path("balls.zip"), "--samples", "own", "--limit", "1", "--count", "1"])) as object;
    expect(Object.keys(only)).toEqual(["graders", "first", "seconds"]);
  });
});

describe("compare --samples", () => {
  interface Compared {
    readonly rows: readonly { model: string; count: number; ged2: number; milliseconds: number | null }[];
    readonly paired: Record<string, { count: number; difference: number }>;
  }

  it("sets samples beside a network, paired case by case, at the counts that they have", async () => {
    const dump = path("paired.npz");
    const system = ["--model", "tests/golden/tiny-linear"];
    await evaluate([cases, ...system, "--count", "6", "--dump", dump]);
    const words = [cases, "--models", "tests/golden/tiny-linear", "--samples", dump];
    const { rows, paired } = (await compare(words)) as Compared;
    const of = (name: string) => rows.filter(({ model }) => model === name);
    expect(of("paired").map(({ count }) => count)).toEqual([1, 4, 6]);
    expect(of("paired").map(({ ged2 }) => ged2)).toEqual(of("tiny-linear").map(({ ged2 }) => ged2));
    expect(of("paired").map(({ milliseconds }) => milliseconds)).toEqual([null, null, null]); // nothing was drawn here
    expect(paired["tiny-linear,paired"]).toMatchObject({ count: 6, difference: 0 });
    await expect(compare([...words, "--counts", "8"])).rejects.toThrow("--counts asks for 8, and there are 6 samples");
  });

  it("compares samples alone where no model is named", async () => {
    const { rows } = (await compare([cases, "--samples", path("paired.npz"), "--counts", "2"])) as Compared;
    expect(rows.map(({ model }) => model)).toEqual(["paired"]);
  });
});
