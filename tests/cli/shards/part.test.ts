import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readPart, type ShardPart, writePart } from "../../../src/cli/shards/part.ts";
import { temporaryFolder } from "../../support/cases.ts";

const folder = temporaryFolder();
afterAll(() => folder.end());
const path = join(folder.path, "2.part");
const part: ShardPart = {
  command: "evaluate",
  shard: { index: 2, of: 4 },
  identity: { "--count": "3" },
  seconds: 1.5,
  context: { count: 3 },
  lists: { cases: [{ ged2: Number.NaN }, { ged2: 1 }], fit: [] },
};

describe("a part", () => {
  it("comes back as it was written, lists without an item too, and leaves nothing else in its folder", async () => {
    await writePart(path, part);
    expect(await readPart(path)).toEqual(part);
    expect(readdirSync(folder.path)).toEqual(["2.part"]);
  });

  it("is not read where a byte was changed or its end is missing", async () => {
    await writePart(path, part);
    const whole = readFileSync(path, "utf8");
    const damaged = "2.part: it is not whole, or was changed; run its shard again";
    for (const text of [whole.replace('"ged2":1', '"ged2":2'), whole.slice(0, -20), whole.split("\n")[0] as string]) {
      writeFileSync(path, text);
      await expect(readPart(path)).rejects.toThrow(damaged);
    }
  });

  it("is not just any file", async () => {
    await expect(readPart("package.json")).rejects.toThrow("package.json: it is not a part that --shard wrote");
    await expect(readPart(join(folder.path, "none"))).rejects.toThrow("there is no such file");
  });

  it("is not written into a folder that is not there", async () => {
    await expect(writePart(join(folder.path, "no", "1.part"), part)).rejects.toThrow("cannot be written");
  });
});
