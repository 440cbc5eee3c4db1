import { expect, it } from "vitest";
import { derive } from "../../../src/state/app/derive.ts";

it("a selector computes anew only where one of its inputs is another one", () => {
  let computed = 0;
  const area = derive(
    (state: { width: number; height: number; name: string }) => [state.width, state.height] as const,
    (width, height) => {
      computed++;
      return { pixels: width * height };
    },
  );
  const first = area({ width: 2, height: 3, name: "a" });
  expect(first).toEqual({ pixels: 6 });
  expect(area({ width: 2, height: 3, name: "b" })).toBe(first);
  expect(computed).toBe(1);
  expect(area({ width: 2, height: 4, name: "b" })).toEqual({ pixels: 8 });
  expect(computed).toBe(2);
});

it("inputs are told apart by identity: NaN is NaN, and equal arrays are two", () => {
  let computed = 0;
  const count = derive(
    ({ value }: { value: unknown }) => [value] as const,
    (_value) => ++computed,
  );
  count({ value: Number.NaN });
  expect(count({ value: Number.NaN })).toBe(1);
  expect([count({ value: [1] }), count({ value: [1] })]).toEqual([2, 3]);
});
