import { describe, expect, it } from "vitest";
import { fillHoles } from "../../../src/core/drawing/fill-holes.ts";

const maskOf = (...rows: string[]) => ({
  width: rows[0]?.length ?? 0,
  height: rows.length,
  bits: Uint8Array.from(rows.join(""), (mark) => (mark === "#" ? 1 : 0)),
});

describe("filling the holes of an outline", () => {
  it("marks what a ring encloses, and what lies outside stays", () => {
    const ring = maskOf("......", ".###..", ".#.#..", ".###.#", "......");
    expect(fillHoles(ring)).toEqual(maskOf("......", ".###..", ".###..", ".###.#", "......"));
  });

  it("closes a ring whose pixels touch by their corners alone", () => {
    expect(fillHoles(maskOf("..#..", ".#.#.", "..#.."))).toEqual(maskOf("..#..", ".###.", "..#.."));
  });

  it("leaves a bay that is open, also one that opens at the picture's edge", () => {
    const bays = maskOf("#.#..", "###..", "..###", "..#..", "..###");
    expect(fillHoles(bays)).toEqual(bays);
  });

  it("changes nothing that has no hole, filled twice or not at all", () => {
    const disc = maskOf("....", ".##.", ".##.", "....");
    expect(fillHoles(disc)).toEqual(disc);
    const ring = maskOf("###", "#.#", "###");
    expect(fillHoles(fillHoles(ring))).toEqual(fillHoles(ring));
    expect(fillHoles(maskOf("...", "..."))).toEqual(maskOf("...", "..."));
  });
});
