import { describe, expect, it } from "vitest";
import { blobsOf, withoutSpecks } from "../../../src/core/values/mask-blobs.ts";
import type { Mask } from "../../../src/core/values/slice.ts";

function mask(...rows: string[]): Mask {
  const bits = Uint8Array.from(rows.join(""), (letter) => (letter === "#" ? 1 : 0));
  return { width: rows[0]!.length, height: rows.length, bits };
}

describe("the parts of a mask", () => {
  it("are what touches, corners included", () => {
    const blobs = blobsOf(mask("##..#", "..#..", "....."));
    expect(blobs.map(({ pixels }) => [...pixels].sort((a, b) => a - b))).toEqual([[0, 1, 7], [4]]);
  });

  it("are one where the gap is no wider than asked", () => {
    expect(blobsOf(mask("#..#"), 2)).toHaveLength(2);
    expect(blobsOf(mask("#..#"), 3)).toHaveLength(1);
  });

  it("are looked for up to the border and no further: nothing is joined round it", () => {
    expect(blobsOf(mask("#...", "...#"), 2)).toHaveLength(2);
    expect(blobsOf(mask("..#", "#.."), 1)).toHaveLength(2);
    expect(blobsOf(mask("...", "..#", "#.#"), 1)).toHaveLength(2);
    expect(blobsOf(mask("#.#", "..."), 2)).toHaveLength(1);
  });

  it("have their middle in the middle of their box", () => {
    // columns 0…2, rows 0…1
    expect(blobsOf(mask("##.", "..#"))[0]?.centre).toEqual([1, 0.5]);
  });

  it("have the middle's column and row where they lie, not mirrored", () => {
    // column 0, row 2 of 4 × 3: mirrored it would be column 3 or row 0
    expect(blobsOf(mask("....", "....", "#..."))).toEqual([{ pixels: [8], centre: [0, 2] }]);
  });

  it("come in the order of their first pixels, row by row", () => {
    expect(blobsOf(mask("...#", "....", "#...")).map(({ centre }) => centre)).toEqual([
      [3, 0],
      [0, 2],
    ]);
  });

  it("are none in an empty mask", () => {
    expect(blobsOf(mask("...", "..."))).toEqual([]);
  });
});

describe("a mask without specks", () => {
  it("keeps the parts that are large enough, and no smaller one", () => {
    const found = withoutSpecks(mask("##..#.##", "##.....#", "........"), 3);
    expect(found).toEqual(mask("##....##", "##.....#", "........"));
  });

  it("keeps its largest part however small, of equals the first, and nothing else of it changes", () => {
    expect(withoutSpecks(mask("#..##..##"), 6)).toEqual(mask("...##...."));
    const whole = mask("###");
    expect(withoutSpecks(whole, 6)).toBe(whole);
    expect(withoutSpecks(mask("..."), 6)).toEqual(mask("..."));
  });

  it("counts a part of just the smallest size as large enough", () => {
    expect(withoutSpecks(mask("####.##"), 2)).toEqual(mask("####.##"));
  });
});
