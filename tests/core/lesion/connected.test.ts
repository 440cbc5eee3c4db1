import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { connectedPart, drawnThroughout } from "../../../src/core/lesion/connected.ts";
import { uniforms } from "../../../src/core/random/random.ts";

const slice = (rows: string) => {
  const lines = rows.split("/");
  const [height, width] = [lines.length, lines[0]?.length ?? 0];
  return { width, height, bits: Uint8Array.from(lines.join(""), (sign) => (sign === "#" ? 1 : 0)) };
};
const shown = (masks: readonly { width: number; bits: Uint8Array }[]) =>
  masks.map(({ width, bits }) => {
    const text = Array.from(bits, (bit) => (bit ? "#" : ".")).join("");
    return (text.match(new RegExp(`.{${width}}`, "g")) ?? []).join("/");
  });

describe("the part that hangs together", () => {
  it("goes on over faces, edges and corners, also from slice to slice", () => {
    const stack = [slice("#...../......"), slice("....../.#..#."), slice("..#.../......")];
    expect(shown(connectedPart(stack, { slice: 0, pixels: [0] }))).toEqual([
      "#...../......",
      "....../.#....",
      "..#.../......",
    ]);
  });

  it("comes back to a slice on another way", () => {
    const stack = [slice("#.#"), slice("###")];
    expect(shown(connectedPart(stack, { slice: 0, pixels: [0] }))).toEqual(["#.#", "###"]);
  });

  it("ends at a slice without marks, and is empty where the seeds are not marked", () => {
    const stack = [slice("#"), slice("."), slice("#")];
    expect(shown(connectedPart(stack, { slice: 0, pixels: [0] }))).toEqual(["#", ".", "."]);
    expect(shown(connectedPart(stack, { slice: 1, pixels: [0] }))).toEqual([".", ".", "."]);
  });

  it("is the same from each of its voxels", () => {
    const check = (seed: number) => {
      const stack = [0, 1, 2].map((s) => ({
        width: 6,
        height: 5,
        bits: Uint8Array.from(uniforms(seed, [s], 30), (value) => (value < 0.15 ? 1 : 0)),
      }));
      const start = stack[1]?.bits.indexOf(1) ?? -1;
      if (start < 0) return;
      const part = connectedPart(stack, { slice: 1, pixels: [start] });
      part.forEach((mask, s) => {
        mask.bits.forEach((bit, at) => {
          if (bit) expect(connectedPart(stack, { slice: s, pixels: [at] })).toEqual(part);
        });
      });
    };
    fc.assert(fc.property(fc.integer({ min: 0, max: 9999 }), check), { numRuns: 60 });
  });
});

describe("readers who draw a lesion", () => {
  const [none, one, two, four] = ["....", "#...", "#.#.", "####"].map((marks) => [...marks].map(slice));

  it("mark at least a share of the slices of who marks most; the others have nothing", () => {
    const drawn = drawnThroughout([four, two, one, none] as never, 0.5).map((stack) => shown(stack).join(""));
    expect(drawn).toEqual(["####", "#.#.", "....", "...."]);
    expect(shown(drawnThroughout([four, one] as never, 0.2)[1] ?? [])).toEqual(["#", ".", ".", "."]);
  });

  it("are all of them where nothing is asked, or nobody marks anything", () => {
    expect(drawnThroughout([one, four] as never, 0)).toEqual([one, four]);
    expect(drawnThroughout([none] as never, 0.4)).toEqual([none]);
    expect(drawnThroughout([], 0.4)).toEqual([]);
  });
});
