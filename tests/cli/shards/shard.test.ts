import { describe, expect, it } from "vitest";
import { readShard, shareOf } from "../../../src/cli/shards/shard.ts";

describe("a shard", () => {
  it.each(["0/4", "5/4", "2", "2/0", "a/4", "2/4/1", "-1/4", "1/10001"])("is not %s", (word) => {
    expect(() => readShard(word)).toThrow(`--shard is "${word}"; give which of how many, as 2/4`);
  });

  it("has a row's own part of the cases: every case once over all shards, sizes that differ by one at most", () => {
    const items = [..."abcdefghij"];
    const shares = [1, 2, 3, 4].map((index) => shareOf(items, { index, of: 4 }));
    expect(shares.map((share) => share.join(""))).toEqual(["ab", "cde", "fg", "hij"]); // cuts at 0, 2.5, 5, 7.5, 10
    expect(shareOf(["a"], readShard("1/2"))).toEqual([]); // more shards than cases
  });
});
