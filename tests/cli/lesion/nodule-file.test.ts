import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodules } from "../../../src/cli/lesion/nodules.ts";
import { writeBallLesions } from "../../support/ball-lesions.ts";
import { temporaryFolder } from "../../support/cases.ts";
import { tinyPack } from "../../support/tiny-pack.ts";

const folder = temporaryFolder();
let files: ReturnType<typeof writeBallLesions>;
beforeAll(() => {
  files = writeBallLesions(folder.path);
});
afterAll(() => folder.end());

describe("lesions of a pack", { tags: ["ci"] }, () => {
  it("have the same figures and the same rows as those of the file and table that it was made of", async () => {
    const [one, other] = ["pack.csv", "npz.csv"].map((name) => join(folder.path, name)) as [string, string];
    const words = ["--model", "tests/golden/tiny-general", "--count", "3", "--seed", "5", "--out"];
    const ofPack = await nodules([files.pack, ...words, one]);
    const ofFile = await nodules([files.npz, "--table", files.table, "--split", "val", "--fit", "0", ...words, other]);
    expect({ ...ofPack, seconds: 0 }).toEqual({ ...ofFile, seconds: 0 });
    // of five lesions one has one slice alone, and one reader drew nothing of another
    expect(ofPack).toMatchObject({ lesions: 4, four_readers: 3, left_out: { one_slice: 1, no_spacing: 0 } });
    expect(readFileSync(one, "utf8")).toBe(readFileSync(other, "utf8"));
  });

  it("need no table, and take none", async () => {
    await expect(nodules([files.pack, "--table", files.table, "--count", "0"])).rejects.toThrow(
      "lesions.zip: it is a pack, which has neither splits nor a table; leave --split and --table out.",
    );
  });

  it("are none where its cases do not say what they are slices of", async () => {
    const bare = join(folder.path, "bare.zip");
    writeFileSync(bare, tinyPack());
    await expect(nodules([bare, "--count", "0"])).rejects.toThrow(
      "bare.zip: none of its cases says which lesion it is a slice of; make a pack with `npm run cases -- crops.npz --lesions`",
    );
  });
});
