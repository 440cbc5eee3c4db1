import { expect, it } from "vitest";
import { plainStack, type Stack, storedSlice } from "../../../src/io/stack/stack.ts";
import { Residents } from "../../../src/state/cases/resident.ts";

/** A stack of two pictures, of one pixel each: its number. */
function stackOf(number: number): Stack {
  return plainStack({
    name: `file ${number}`,
    format: "npy",
    frames: 2,
    label: (frame) => `picture ${frame}`,
    notesOf: (frame) => (frame === 1 ? ["odd"] : []),
    graders: async () => [{ name: "one", mask: null }],
    slice: async (frame) => storedSlice({ width: 1, height: 1 }, Float32Array.of(10 * number + frame), "x"),
  });
}

const numberAt = async (stack: Stack, frame: number) => (await stack.slice(frame)).values[0];

/** Holds `count` stacks; `reopened` names those that were read again. */
function held(count: number) {
  const residents = new Residents();
  const reopened: number[] = [];
  const stacks = Array.from({ length: count }, (_, number) =>
    residents.hold(stackOf(number), async () => {
      reopened.push(number);
      return stackOf(number);
    }),
  );
  return { stacks: stacks as [Stack, ...Stack[]], reopened };
}

it("the four that were read last are in memory; an older one is read again, and then another goes", async () => {
  const { stacks, reopened } = held(5);
  expect(await numberAt(stacks[4] as Stack, 1)).toBe(41);
  expect(reopened).toEqual([]);
  expect(await numberAt(stacks[0], 1)).toBe(1); // in the place of 1, the least recently read
  expect(await numberAt(stacks[0], 0)).toBe(0);
  expect(reopened).toEqual([0]);
  expect(await numberAt(stacks[2] as Stack, 0)).toBe(20);
  await numberAt(stacks[1] as Stack, 0);
  expect(reopened).toEqual([0, 1]);
});

it("names, labels, places and notes are known without reading again", async () => {
  const { stacks, reopened } = held(9);
  const [first] = stacks;
  expect([first.name, first.frames, first.label(1), first.place(1).frame]).toEqual(["file 0", 2, "picture 1", 1]);
  expect(first.notesOf?.(1)).toEqual([]); // not read yet
  expect(reopened).toEqual([]);
  await first.slice(1);
  expect([first.notesOf?.(1), await first.graders?.(0), await first.origin(0)]).toEqual([
    ["odd"],
    [{ name: "one", mask: null }],
    { kind: "none" },
  ]);
  expect(reopened).toEqual([0]);
});

it("a file that cannot be read again is tried again the next time", async () => {
  const residents = new Residents();
  let there = false;
  const stack = residents.hold(stackOf(7), async () => {
    if (!there) throw new Error("the disk is gone");
    return stackOf(7);
  });
  for (let other = 0; other < 4; other++) residents.hold(stackOf(other), async () => stackOf(other));
  await expect(stack.slice(0)).rejects.toThrow("the disk is gone");
  there = true;
  expect(await numberAt(stack, 0)).toBe(70);
});
