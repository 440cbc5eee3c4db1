import { describe, expect, it } from "vitest";
import { growLesion, partsOfLesion, type ReadSlice } from "../../../src/core/lesion/grow.ts";

/** A slice of 12 × 1 pixels; "##..#" marks columns. */
const row = (text: string) => ({
  width: 12,
  height: 1,
  bits: Uint8Array.from(text.padEnd(12, "."), (sign) => (sign === "#" ? 1 : 0)),
});

/** One reader's marks by slice, as a sample; nothing where there is no line. */
function grow(samples: Record<number, string>[], graders: Record<number, string>[], frames = 12, distance = 2) {
  const asked: number[] = [];
  const read = async (k: number): Promise<ReadSlice> => {
    asked.push(k);
    return {
      samples: samples.map((reader) => row(reader[k] ?? "")),
      graders: graders.map((reader) => row(reader[k] ?? "")),
    };
  };
  const places = Array.from({ length: frames }, (_, k) => distance * k);
  const told: number[] = [];
  const soon = (k: number) => void told.push(k);
  return growLesion({ places, start: 5, point: [1, 0] }, read, soon).then((found) => ({ ...found, asked, told }));
}

const areas = (stack: readonly { bits: Uint8Array }[]) =>
  stack.map(({ bits }) => bits.reduce((sum, bit) => sum + bit, 0));

describe("a lesion grown from one slice", () => {
  it("ends after two slices on which nobody marks it, and asks for each slice once", async () => {
    const found = await grow([{ 4: "###", 5: "####", 6: "##" }], []);
    expect([found.first, found.last]).toEqual([4, 6]);
    expect(found.asked).toEqual([5, 6, 7, 8, 4, 3, 2]);
    expect(areas(found.samples[0] ?? [])).toEqual([3, 4, 2]);
  });

  it("tells beforehand of a slice that is asked for whatever the one before it shows", async () => {
    const inside = await grow([{ 4: "###", 5: "####", 6: "##" }], []);
    expect(inside.told).toEqual([7, 8, 3, 2]); // before 6, 7, 4 and 3; after an empty 7 nobody knows whether 9 is asked for
    const atEnd = await grow([{ 5: "###", 6: "###" }], [], 7);
    expect(atEnd.told).toEqual([3]); // there is no slice 7
    const far = await grow([{ 5: "###", 6: "###" }], [], 12, 41);
    expect(far.asked).toEqual([5, 6]); // 41 mm, then 82
    expect(far.told).toEqual([]);
  });

  it("is followed for a grader alone too, and does not hang together over an empty slice", async () => {
    const found = await grow([{ 5: "###" }], [{ 5: "##", 6: "", 7: "##" }]);
    expect([found.first, found.last]).toEqual([5, 5]); // slice 7 touches nothing of slice 6
    const grader = await grow([{ 5: "###" }], [{ 5: "##", 6: "##", 7: "##" }]);
    expect([grader.first, grader.last]).toEqual([5, 7]);
    expect(areas(grader.graders[0] ?? [])).toEqual([2, 2, 2]);
  });

  it("ends where fewer than 5 % of the samples mark it", async () => {
    const most = Array.from({ length: 39 }, () => ({ 5: "###" }) as Record<number, string>);
    const found = await grow([...most, { 5: "###", 6: "###", 7: "###" }], []); // 1 of 40 is 2.5 %
    expect(found.last).toBe(5);
    const two = await grow([...most.slice(1), ...[1, 2].map(() => ({ 5: "###", 6: "###" }))], []); // 2 of 40 are 5 %
    expect(two.last).toBe(6);
  });

  it("leaves out what does not hang together, and counts it", async () => {
    const found = await grow([{ 5: "##....###", 6: "##......#" }], []);
    expect(areas(found.samples[0] ?? [])).toEqual([2, 2]);
    expect(found.leftOutPx).toBe(4);
  });

  it("takes a reader who marks nothing on the first slice from the nearest one over anybody's marks", async () => {
    const found = await grow([{ 5: "###", 6: "###" }, { 6: "##...##" }], []);
    expect(areas(found.samples[1] ?? [])).toEqual([0, 2]);
  });

  it("is followed over 80 mm at most, or 128 slices, and says so", async () => {
    const all = Object.fromEntries(Array.from({ length: 400 }, (_, k) => [k, "###"]));
    const far = await grow([all], [], 60, 5);
    expect(far.ended).toBe("length");
    expect(5 * (far.last - far.first)).toBe(80);
    const many = await grow([all], [], 400, 0.1);
    expect(many.ended).toBe("slices");
    expect(many.last - many.first + 1).toBe(128);
  });

  it("has a further reader's part by the same rule: next to the point, else over anybody's marks", async () => {
    const found = await grow([{ 4: "###", 5: "####", 6: "##" }], []);
    const part = partsOfLesion(found, { start: 5, point: [1, 0] });
    const marks = (...texts: string[]) => areas(part(texts.map(row)));
    expect(marks("##....##", "##..####", "....##")).toEqual([2, 2, 0]); // columns 4 … touch neither of them
    expect(marks("##....##", "", "")).toEqual([2, 0, 0]); // nothing at the point: over what the first one marks there
    expect(marks("......##", "", "......##")).toEqual([0, 0, 0]);
  });
});
