import { expect, it } from "vitest";
import { Budget } from "./budget.ts";

it("leaves out what would end after the run's time, and says how much was left", () => {
  let now = 0;
  const budget = new Budget(600_000, () => now);
  expect(budget.allows("costs", 60_000)).toBe(true);
  now = 570_000;
  expect(budget.allows("PyTorch", 29_000)).toBe(true);
  expect(budget.allows("cpu", 40_000)).toBe(false);
  expect(budget.skipped).toEqual(["cpu: it takes about 40 s, and of the run's 10 minutes 30 s are left"]);
});
