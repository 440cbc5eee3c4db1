import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { evaluate } from "../../src/cli/evaluate.ts";
import { replay } from "../../src/cli/replay.ts";
import { sample } from "../../src/cli/sample.ts";
import { writeZip } from "../../src/io/bytes/zip-write.ts";
import { writePack } from "../../src/io/pack/pack-write.ts";
import { ballCases } from "../support/ball-pack.ts";
import { temporaryFolder } from "../support/cases.ts";

const MODEL = "tests/golden/tiny-general";
const folder = temporaryFolder();
const pack = join(folder.path, "ball.zip");
writeFileSync(pack, writeZip(writePack("Ball", "", ballCases(1)))); // one case, drawn by its number, 0
afterAll(() => folder.end());

const figuresIn = (out: string) => readFileSync(join(folder.path, out, "figures.json"), "utf8");

it("writes beside a case's samples the figures that evaluate prints of that case, KL too, and replay writes them again", async () => {
  const words = ["--model", MODEL, "--out"];
  await sample([pack, "--at", "80,80", "--count", "3", ...words, join(folder.path, "one")]);
  const printed = (await evaluate([pack, "--model", MODEL, "--count", "3"])) as Record<string, number> & {
    kl_per_axis: number[];
  };
  const { samples, graders } = JSON.parse(figuresIn("one"));
  for (const name of ["ged2", "hm_iou", "diversity", "presence", "kl_fields"])
    expect(samples[name], name).toBeCloseTo(printed[name] as number, 5);
  expect(samples.kl_z / printed.kl_per_axis.reduce((sum, nats) => sum + nats, 0)).toBeCloseTo(1, 4);
  expect(graders.map(({ of }: { of: string }) => of)).toEqual(["grader 1", "grader 2", "grader 3", "grader 4"]);

  const session = join(folder.path, "one", "session.json");
  await replay([session, "--slice", pack, ...words, join(folder.path, "again")]);
  expect(figuresIn("again")).toBe(figuresIn("one"));
});
