import { describe, expect, it } from "vitest";
import { staple } from "../../../src/core/consensus/consensus.ts";
import { majorityOfMany, stapleThrough } from "../../../src/core/lesion/lesion-consensus.ts";

const line = (from: number, to: number) => ({
  width: 8,
  height: 1,
  bits: Uint8Array.from({ length: 8 }, (_, i) => (i >= from && i < to ? 1 : 0)),
});
const area = ({ bits }: { bits: Uint8Array }) => bits.reduce((sum, bit) => sum + bit, 0);

describe("the majority of any number of masks", () => {
  it("takes half of them for enough", () => {
    expect(majorityOfMany([line(0, 4), line(2, 6)])).toEqual(line(0, 6));
    expect(majorityOfMany([line(0, 4), line(2, 6), line(0, 0)])).toEqual(line(2, 4));
    expect(area(majorityOfMany(Array.from({ length: 64 }, (_, n) => line(0, n < 32 ? 5 : 2))))).toBe(5);
  });
});

describe("STAPLE through slices", () => {
  const readers = [
    [line(1, 6), line(2, 5)],
    [line(1, 5), line(2, 5)],
    [line(2, 6), line(0, 0)],
  ];

  it("is STAPLE of all slices as one picture: a reader's reliability is the same on all", () => {
    const whole = readers.map(([a, b]) => ({
      width: 8,
      height: 2,
      bits: Uint8Array.from([...(a?.bits ?? []), ...(b?.bits ?? [])]),
    }));
    const wanted = Array.from(staple(whole).probability, (p) => (p >= 0.5 ? 1 : 0));
    expect(stapleThrough(readers)?.flatMap(({ bits }) => [...bits])).toEqual(wanted);
  });

  it("needs two readers, and takes thirty at most", () => {
    expect(stapleThrough(readers.slice(0, 1))).toBeNull();
    expect(stapleThrough(Array.from({ length: 31 }, () => [line(0, 1)]))).toBeNull();
  });
});
