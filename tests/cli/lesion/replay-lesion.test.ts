import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { lesion } from "../../../src/cli/lesion/lesion.ts";
import { replay } from "../../../src/cli/replay.ts";
import { AXIAL, writeEllipsoidCt, writeEllipsoidLabels } from "../../support/ellipsoid.ts";
import { temporaryFolder } from "../../support/tools.ts";

const folder = temporaryFolder();
const at = (name: string) => join(folder, name);
const MODEL = ["--model", "tests/golden/tiny-linear"];
const SERIES = {
  ...AXIAL,
  width: 130,
  height: 128,
  slices: [0, 1, 2, 3, 4],
  spacingMm: [0.7, 0.6],
  stepMm: 2,
  centre: [64, 60, 2],
} as const;
const filesOf = (name: string) =>
  Object.fromEntries(readdirSync(at(name)).map((file) => [file, readFileSync(join(at(name), file))]));

let printed: object;
beforeAll(async () => {
  writeEllipsoidCt(at("ct"), SERIES, [8, 6, 5]);
  writeEllipsoidLabels(at("marks.nrrd"), SERIES, [8, 6, 5]);
  writeEllipsoidCt(at("other"), { ...SERIES, centre: [30, 30, 2] }, [8, 6, 5]);
  const words = ["--at", "64,60", "--slice", "2", "--count", "3", "--seed", "7", "--coupling", "same-z"];
  const rest = ["--thresholds", "lung-rads-2022", "--marks", at("marks.nrrd"), ...MODEL, "--out", at("first")];
  printed = await lesion([at("ct"), ...words, ...rest]);
});

const again = (out: string, ...words: string[]) =>
  replay([join(at("first"), "session.json"), "--slice", at("ct"), ...MODEL, "--out", at(out), ...words]);

describe("the session of a lesion", () => {
  it("makes the same files again, byte by byte, and prints the same", async () => {
    expect(await again("again", "--marks", at("marks.nrrd"))).toEqual(printed);
    expect(filesOf("again")).toEqual(filesOf("first"));
    expect(Object.keys(filesOf("again"))).toContain("lesion.seg.dcm");
  });

  it("names seed, coupling, thresholds, the slice pointed at and how many graders there were", () => {
    const session = JSON.parse(readFileSync(join(at("first"), "session.json"), "utf8"));
    expect(session.choice).toMatchObject({ seed: 7, count: 3 });
    expect(session.lesion).toEqual({
      start: 2,
      at: [64, 60],
      coupling: "same-z",
      thresholds: "lung-rads-2022",
      graders: 1,
    });
  });

  it("is not replayed without its marks, on another series, or with options of a single slice", async () => {
    await expect(again("none")).rejects.toThrow(
      "session.json: its lesion was followed with the marks of 1 grader, and here are those of 0; give the same files with --marks",
    );
    const marks = ["--marks", at("marks.nrrd")];
    await expect(again("none", "--slice", at("other"), ...marks)).rejects.toThrow("is not the slice that session.json");
    await expect(again("none", "--mean", ...marks)).rejects.toThrow("leave --formats and --mean out");
  });

  it("of a single slice takes no marks", async () => {
    const { lesion: _, ...single } = JSON.parse(readFileSync(join(at("first"), "session.json"), "utf8"));
    writeFileSync(at("single.json"), JSON.stringify(single));
    const words = ["--slice", join(at("ct"), "102.dcm"), ...MODEL, "--out", at("none"), "--marks", at("marks.nrrd")];
    await expect(replay([at("single.json"), ...words])).rejects.toThrow("leave --marks out");
  });
});
