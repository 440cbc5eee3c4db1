import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openModel } from "../../../src/cli/backend.ts";
import { evaluate } from "../../../src/cli/evaluate.ts";
import { adapt } from "../../../src/cli/train/adapt.ts";
import { linearHeadOf } from "../../../src/core/teach/linear-head.ts";
import { retouchPlaces } from "../../../src/core/teach/retouch.ts";
import { writeNpz } from "../../../src/io/numpy/npz-write.ts";
import { temporaryFolder, writeCases } from "../../support/cases.ts";
import { modelFiles } from "../../support/golden.ts";
import { ownGraders } from "../../support/own-graders.ts";
import { teachPack } from "../../support/teach-pack.ts";
import { python } from "../../support/tools.ts";

const MODEL = "tests/golden/tiny-linear";
const folder = temporaryFolder();
const path = (name: string) => join(folder.path, name);
afterAll(() => folder.end());

/** Twelve simulated nodules, two a patient; the graders are draws of the model, whose mean lies lower by 2. */
async function writeOwnCases(file: string, lower: number): Promise<void> {
  const files = modelFiles(MODEL);
  const model = await openModel(files);
  const head = linearHeadOf(files.config);
  const retouch = new Float32Array(retouchPlaces(head).length);
  retouch[retouchPlaces(head).layers.mean?.offset as number] = -lower;
  const cases = await ownGraders(model, 12, 32, retouch);
  model.dispose();
  const images = Uint8Array.from(cases.flatMap(({ values }) => Array.from(values, (value) => Math.round(255 * value))));
  const masks = Uint8Array.from(cases.flatMap(({ graders }) => graders.flatMap(({ bits }) => [...bits])));
  const patient = Int16Array.from(cases, (_, row) => row >> 1);
  const arrays = { images: { values: images, shape: [12, 32, 32] }, masks: { values: masks, shape: [12, 4, 32, 32] } };
  writeFileSync(file, writeNpz({ ...arrays, patient: { values: patient, shape: [12] } }));
}

describe("adapt", () => {
  let printed: Record<string, unknown>;
  beforeAll(async () => {
    await writeOwnCases(path("lower.npz"), 2);
    const words = ["--model", MODEL, "--folds", "3", "--steps", "40", "--out", path("taught")];
    printed = (await adapt([path("lower.npz"), ...words])) as Record<string, unknown>;
  });

  it("prints before, after and the gain, and writes a model folder", () => {
    expect(Object.keys(printed)).toEqual([
      ...["cases", "patients", "before", "after", "gain", "adapted", "folds", "steps", "seconds"],
    ]);
    const { ged2 } = printed["gain"] as { ged2: { value: number; low: number; high: number } };
    expect(printed).toMatchObject({ cases: 12, patients: 6, adapted: true, steps: 40 });
    expect(ged2.value).toBeLessThan(0);
    expect(readdirSync(path("taught")).sort()).toEqual(["README.md", "config.json", "weights.safetensors"]);
    expect(readFileSync(path("taught/README.md"), "utf8")).toContain("It helped: on 12 cases of 6 patients");
  });

  it("makes a model that `evaluate` finds nearer to these graders than its parent", async () => {
    const of = async (model: string) =>
      ((await evaluate([path("lower.npz"), "--model", model])) as { ged2: number }).ged2;
    const { ged2 } = printed["before"] as { ged2: { value: number } };
    expect(await of(MODEL)).toBeCloseTo(ged2.value, 3);
    expect(await of(path("taught"))).toBeLessThan(ged2.value);
  });

  it("makes a model that PyTorch opens", async ({ skip }) => {
    const found = process.env["GRADERSPACE_PYTHON"] ?? python(["torch", "safetensors"]);
    if (found === null) return skip("no Python with torch here");
    const code =
      "import sys; sys.path.insert(0, 'models/training'); import export, torch;" +
      "net, config = export.load(sys.argv[1]); parent, _ = export.load(sys.argv[2]);" +
      "print(config['name'], torch.equal(net.unet.down[0][0].weight, parent.unet.down[0][0].weight), torch.equal(net.mean.weight, parent.mean.weight))";
    const root = resolve(import.meta.dirname, "../../..");
    const said = execFileSync(found, ["-c", code, path("taught"), MODEL], { cwd: root }).toString();
    expect(said.trim()).toBe("taught True False"); // the U-Net is the parent's, the head is not
  });

  it("teaches the last block of the U-Net, or all of it, where it is asked to: PyTorch finds these weights changed", async ({
    skip,
  }) => {
    const found = process.env["GRADERSPACE_PYTHON"] ?? python(["torch", "safetensors"]);
    if (found === null) return skip("no Python with torch here");
    const code =
      "import sys; sys.path.insert(0, 'models/training'); import export, torch;" +
      "net, config = export.load(sys.argv[1]); parent, _ = export.load(sys.argv[2]);" +
      "same = lambda of: torch.equal(of(net.unet)[0].weight, of(parent.unet)[0].weight);" +
      "print(config['training']['depth'], same(lambda u: u.up[0]), same(lambda u: u.down[0]))";
    const root = resolve(import.meta.dirname, "../../..");
    for (const [depth, said] of [
      ["block", "block False True"],
      ["all", "all False False"],
    ] as const) {
      const words = ["--model", MODEL, "--folds", "2", "--steps", "20", "--depth", depth, "--out", path(depth)];
      expect(await adapt([path("lower.npz"), ...words])).toMatchObject({ adapted: true });
      expect(
        execFileSync(found, ["-c", code, path(depth), MODEL], { cwd: root })
          .toString()
          .trim(),
      ).toBe(said);
    }
    const wrong = adapt([path("lower.npz"), "--model", MODEL, "--depth", "deep", "--out", path("x")]);
    await expect(wrong).rejects.toThrow('--depth is "deep"; give one of head, block, all');
  });

  it("leaves the parent's weights where the readers draw as it does", async () => {
    await writeOwnCases(path("same.npz"), 0);
    const words = ["--model", MODEL, "--folds", "3", "--steps", "20", "--out", path("same")];
    expect(await adapt([path("same.npz"), ...words])).toMatchObject({ adapted: false, steps: 0 });
    expect(readFileSync(path("same/weights.safetensors"))).toEqual(readFileSync(join(MODEL, "weights.safetensors")));
    expect(JSON.parse(readFileSync(path("same/config.json"), "utf8")).training.adapted).toBe(false);
  });

  it("reads a pack, and says what it cannot do", async () => {
    writeFileSync(path("pack.zip"), teachPack(8));
    const words = ["--model", MODEL, "--folds", "2", "--steps", "1", "--out", path("of-pack")];
    expect(await adapt([path("pack.zip"), ...words])).toMatchObject({ cases: 8, patients: 8 });
    writeCases(path("few.npz"), 4);
    mkdirSync(path("x"));
    const few = adapt([path("few.npz"), "--model", MODEL, "--out", path("x")]);
    await expect(few).rejects.toThrow("4 cases are too few to learn habits from; give at least 8 cases");
    const paper = adapt([path("few.npz"), "--model", "lidc-prob-unet", "--out", path("x")]);
    await expect(paper).rejects.toThrow("cannot be taught here: that takes a mean map, a factor and no f_comb");
  });
});
