import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { inspect } from "../../src/cli/inspect.ts";
import { replay } from "../../src/cli/replay.ts";
import { sample } from "../../src/cli/sample.ts";
import { sha256Hex } from "../../src/core/config/weights-hash.ts";
import { representatives } from "../../src/core/measures/representative.ts";
import { epsilonFor } from "../../src/core/random/draws.ts";
import type { Mask } from "../../src/core/values/slice.ts";
import { openZip } from "../../src/io/bytes/zip.ts";
import { writeNpy } from "../../src/io/numpy/npy-write.ts";
import { openNpz } from "../../src/io/numpy/npz.ts";
import { decodePng } from "../../src/io/raster/png.ts";
import { gridToText } from "../../src/io/session/grid-text.ts";
import { temporaryFolder, writeCases } from "../support/cases.ts";

const MODEL = "tests/golden/tiny-general";
const folder = temporaryFolder();
const slice = join(folder.path, "slice.npy");
const [width, height] = [150, 140];
const values = Float32Array.from({ length: width * height }, (_, i) => {
  return 900 / (1 + Math.exp(Math.hypot((i % width) - 80, i / width - 70) - 9)) + 30 * Math.sin(i / 5);
});
writeFileSync(slice, writeNpy(values, [height, width]));
afterAll(() => folder.end());

const out = (name: string) => join(folder.path, name);
const run = (name: string, ...words: string[]) => {
  return sample([slice, "--at", "80,70", "--count", "3", "--model", MODEL, "--out", out(name), ...words]);
};
const filesOf = (name: string) => {
  return Object.fromEntries(readdirSync(out(name)).map((file) => [file, readFileSync(join(out(name), file))]));
};

/** The PNG of a mask as 0 and 1. */
function decoded(png: Buffer): Mask {
  const { width: w, height: h, samples } = decodePng(new Uint8Array(png), "mask");
  return { width: w, height: h, bits: Uint8Array.from(samples, (value) => (value > 0 ? 1 : 0)) };
}

describe("sample", () => {
  it("writes a mask per sample in the slice's size, maps, table and session", async () => {
    const printed = await run("one");
    expect(readdirSync(out("one")).sort()).toEqual([
      "figures.csv",
      "figures.json",
      "figures.md",
      "maps.npz",
      "sample-001.png",
      "sample-002.png",
      "sample-003.png",
      "samples.csv",
      "session.json",
    ]);
    const mask = decodePng(new Uint8Array(readFileSync(join(out("one"), "sample-001.png"))), "mask");
    expect([mask.width, mask.height]).toEqual([width, height]);
    expect(new Set(mask.samples).size).toBeLessThanOrEqual(2); // 0 and 255
    // 128 pixels fit 150 × 140 at 80 − 64 = 16 and at 70 − 64 = 6; both leave room.
    expect(printed).toMatchObject({ count: 3, origin: [16, 6], seed: 0 });
  });

  it("writes the same bytes from the same input", async () => {
    await run("again");
    expect(filesOf("again")).toEqual(filesOf("one"));
  });

  it("tables and keeps what shuts a gate and how far each sample lies off, and replays both by hand", async () => {
    await run("gated", "--model", "tests/golden/tiny-gated");
    const [header, first] = filesOf("gated")["samples.csv"]!.toString().split("\n");
    expect(header).toBe("sample,seed,z1,z2,u,shift_x,shift_y,area_px,area_mm2,empty");
    const maps = openNpz(openZip(new Uint8Array(filesOf("gated")["maps.npz"]!), "maps"), "maps");
    const u = await maps.get("u")!.numbers(0, 3);
    expect(Number(first!.split(",")[4])).toBeCloseTo(u[0]!, 6);
    expect(maps.get("shift")?.header.shape).toEqual([3, 2]);
    expect(filesOf("one")["samples.csv"]!.toString()).not.toContain("shift_x");
    const session = JSON.parse(filesOf("gated")["session.json"]!.toString());
    const byHand = async (choice: object) => {
      const path = join(folder.path, "by-hand.json");
      writeFileSync(path, JSON.stringify({ ...session, choice: { ...session.choice, z: [0.1, 0.2], ...choice } }));
      await replay([path, "--slice", slice, "--model", "tests/golden/tiny-gated", "--out", out("hand")]);
      return filesOf("hand")["by-hand.png"]!;
    };
    const shut = await byHand({ u: -9 });
    expect(decoded(shut).bits.every((bit) => bit === 0)).toBe(true);
    const drawn = await byHand({});
    expect(drawn).not.toEqual(shut);
    expect(await byHand({ u: 9 })).toEqual(drawn);
    expect(await byHand({ shift: [4, 4] })).not.toEqual(drawn);
  });

  it("draws other samples with another seed, and the first ones of more", async () => {
    await run("more", "--count", "5");
    await run("other", "--seed", "1");
    expect(filesOf("more")["sample-003.png"]).toEqual(filesOf("one")["sample-003.png"]);
    expect(filesOf("other")["maps.npz"]).not.toEqual(filesOf("one")["maps.npz"]);
  });

  it("takes three that stand for twelve draws, under the numbers of their draws, with the maps of all twelve", async () => {
    await run("twelve", "--count", "12");
    await run("three", "--representative", "12");
    const [all, chosen] = [filesOf("twelve"), filesOf("three")];
    const masks = Object.keys(chosen).filter((file) => file.endsWith(".png"));
    expect(masks).toHaveLength(3);
    for (const file of masks) expect(chosen[file]).toEqual(all[file]);
    const drawn = Object.keys(all).filter((file) => file.endsWith(".png"));
    const wanted = representatives(
      drawn.map((file) => decoded(all[file] as Buffer)),
      3,
    );
    expect(masks).toEqual(wanted.places.map((place) => drawn[place]));
    const { choice } = JSON.parse(String(chosen["session.json"]));
    expect(choice).toMatchObject({ count: 3, representative: { of: 12, weights: wanted.weights } });
    const mean = (files: Record<string, Buffer>) => openZip(new Uint8Array(files["maps.npz"] as Buffer), "maps.npz");
    const [of12, of3] = await Promise.all(
      [mean(all), mean(chosen)].map((zip) => zip.find(({ name }) => name === "mean.npy")?.read()),
    );
    expect(of3).toEqual(of12);
  });

  it("takes those that stand for many out of the draws in the order asked for", async () => {
    await run("sobol twelve", "--count", "12", "--order", "sobol");
    await run("sobol three", "--representative", "12", "--order", "sobol");
    const [all, chosen] = [filesOf("sobol twelve"), filesOf("sobol three")];
    const masks = Object.keys(chosen).filter((file) => file.endsWith(".png"));
    expect(masks).toHaveLength(3);
    for (const file of masks) expect(chosen[file]).toEqual(all[file]);
    await run("iid two", "--count", "2");
    expect(all["sample-002.png"]).not.toEqual(filesOf("iid two")["sample-002.png"]);
  });

  it("says nothing of an order where draws are i.i.d.", async () => {
    await run("plain", "--order", "iid");
    expect(JSON.parse(String(filesOf("plain")["session.json"])).choice).not.toHaveProperty("order");
    expect(String(filesOf("plain")["samples.csv"])).toMatch(/^sample,seed,z1/);
  });

  it("refuses an order that there is not, and one for a model that draws no z", async () => {
    await expect(run("none", "--order", "random")).rejects.toThrow(
      '--order is "random"; give one of iid, antithetic, sobol.',
    );
    await expect(run("none", "--order", "sobol", "--model", "tests/golden/tiny-m-heads")).rejects.toThrow(
      "--order sobol is an order of draws of z, and tiny-m-heads chooses its samples by head",
    );
  });

  it("adds the mask of the prior mean when asked", async () => {
    await run("mean", "--mean");
    expect(readdirSync(out("mean"))).toContain("mean.png");
  });

  it("packs the same files into a zip", async () => {
    await run("packed.zip");
    const entries = openZip(new Uint8Array(readFileSync(out("packed.zip"))), "packed.zip");
    expect(entries.map(({ name }) => name).sort()).toEqual(readdirSync(out("one")).sort());
  });

  it("refuses a point outside the slice", async () => {
    await expect(run("none", "--at", "150,3")).rejects.toThrow("column 150, row 3 lies outside its 150×140 pixels");
  });
});

describe("replay", () => {
  const session = () => join(out("one"), "session.json");

  it("writes the samples that stand for many again, byte by byte", async () => {
    await run("standing", "--representative", "9", "--seed", "3");
    await replay([
      join(out("standing"), "session.json"),
      "--slice",
      slice,
      "--model",
      MODEL,
      "--out",
      out("standing again"),
    ]);
    expect(filesOf("standing again")).toEqual(filesOf("standing"));
  });

  it("says of a session that it stands for fewer draws than it has samples", async () => {
    const text = readFileSync(session(), "utf8").replace(
      '"count": 3',
      '"count": 3, "representative": { "of": 2, "weights": [1] }',
    );
    writeFileSync(join(folder.path, "few.json"), text);
    const words = [join(folder.path, "few.json"), "--slice", slice, "--model", MODEL, "--out", out("few")];
    await expect(replay(words)).rejects.toThrow("few.json: its choice.representative.of is less than its choice.count");
  });

  it.each(["antithetic", "sobol"])("writes samples in %s order again, byte by byte", async (order) => {
    const printed = await run(order, "--order", order, "--seed", "3");
    expect(printed).toMatchObject({ order });
    const files = filesOf(order);
    const { choice } = JSON.parse(String(files["session.json"]));
    expect(choice).toMatchObject({ kind: "z", order });
    const [header, ...rows] = String(files["samples.csv"]).trim().split("\n");
    expect(header?.startsWith("sample,seed,order,z1")).toBe(true);
    expect(rows.every((row) => row.includes(`,3,${order},`))).toBe(true);
    await replay([
      join(out(order), "session.json"),
      "--slice",
      slice,
      "--model",
      MODEL,
      "--out",
      out(`${order} again`),
    ]);
    expect(filesOf(`${order} again`)).toEqual(files);
  });

  it("writes what the session was saved beside, byte by byte", async () => {
    await run("one");
    await replay([session(), "--slice", slice, "--model", MODEL, "--out", out("replayed")]);
    expect(filesOf("replayed")).toEqual(filesOf("one"));
  });

  it("refuses another slice", async () => {
    const other = join(folder.path, "other.npy");
    writeFileSync(
      other,
      writeNpy(
        values.map((value) => value + 1),
        [height, width],
      ),
    );
    const run = replay([session(), "--slice", other, "--model", MODEL, "--out", out("none")]);
    await expect(run).rejects.toMatchObject({ tag: "WrongSession" });
  });

  it("refuses other weights", async () => {
    const run = replay([session(), "--slice", slice, "--model", "tests/golden/tiny-prob-unet", "--out", out("none")]);
    await expect(run).rejects.toMatchObject({ tag: "WrongSession" });
  });

  it("adds the z that was set by hand, under the fields of the first sample", async () => {
    const saved = JSON.parse(readFileSync(session(), "utf8"));
    const byHand = join(folder.path, "by-hand.json");
    writeFileSync(byHand, JSON.stringify({ ...saved, choice: { ...saved.choice, z: [0.5, -1, 2] } }));
    await replay([byHand, "--slice", slice, "--model", MODEL, "--out", out("by-hand")]);
    expect(readdirSync(out("by-hand"))).toContain("by-hand.png");
  });

  it("puts the z of a session under the fields that the session gives, at their strength; without, as older ones meant", async () => {
    const saved = JSON.parse(readFileSync(session(), "utf8"));
    const byHand = async (choice: object) => {
      const path = join(folder.path, "fields.json");
      writeFileSync(path, JSON.stringify({ ...saved, choice: { ...saved.choice, z: [0.5, -1, 2], ...choice } }));
      await replay([path, "--slice", slice, "--model", MODEL, "--out", out("fields")]);
      return filesOf("fields")["by-hand.png"]!;
    };
    const size = 128; // 16² and 32² nodes
    const grids = (value: number) => [16, 32].map((side) => gridToText(new Float32Array(side ** 2).fill(value)));
    const older = await byHand({});
    const first = epsilonFor(
      saved.choice.seed,
      saved.choice.draw ?? 0,
      0,
      { latent: 3, fieldSpacings: [8, 4] },
      size,
      size,
    );
    expect(await byHand({ fields: first.fields.map(gridToText) })).toEqual(older);
    expect(await byHand({ fields: [] })).not.toEqual(older);
    expect(await byHand({ fields: grids(2), fieldStrength: 0.5 })).toEqual(await byHand({ fields: grids(1) }));
    expect(await byHand({ fields: grids(9), fieldStrength: 0 })).toEqual(await byHand({ fields: [] }));
    await expect(byHand({ fields: grids(1).slice(1) })).rejects.toThrow(
      /its fields have 1024 nodes, and those of .* 256, 1024/,
    );
    await expect(byHand({ fields: ["?"] })).rejects.toThrow("its choice.fields[0] holds no numbers in base64");
  });
});

describe("inspect", () => {
  it("prints size, range and the hash of the values", async () => {
    const bytes = new Uint8Array(values.buffer);
    expect(await inspect([slice])).toMatchObject({
      kind: "image",
      format: "npy",
      width,
      height,
      frames: 1,
      spacingMm: null,
      unit: "stored",
      max: Math.max(...values),
      sha256: sha256Hex(bytes),
    });
  });

  it("writes the values as npy, float32", async () => {
    const copy = join(folder.path, "copy.npy");
    await inspect([slice, "--npy", copy]);
    expect(readFileSync(copy)).toEqual(readFileSync(slice));
  });

  it("counts the cases of an npz as frames", async () => {
    const cases = join(folder.path, "cases.npz");
    writeCases(cases, 3);
    expect(await inspect([cases, "--frame", "2"])).toMatchObject({ format: "npz", frames: 3, width: 64, height: 64 });
    await expect(inspect([cases, "--frame", "3"])).rejects.toMatchObject({ tag: "NoSuchFrame" });
  });

  it("reads a folder as the files that belong together", async () => {
    const together = join(folder.path, "together");
    mkdirSync(together);
    writeFileSync(join(together, "slice.npy"), writeNpy(values, [height, width]));
    expect(await inspect([together])).toMatchObject({ width, height });
  });
});
