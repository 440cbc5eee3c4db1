import { expect, it } from "vitest";
import { cheapestFirst, roundsOf } from "../../../src/state/evaluate/rounds.ts";
import type { SystemRun } from "../../../src/state/evaluate/slice.ts";
import { timeLeft } from "../../../src/state/evaluate/unfinished.ts";

it("rounds go over 4 cases, 12, 36, …, evenly spread, each case once", () => {
  const rows = Array.from({ length: 40 }, (_, i) => i);
  const rounds = roundsOf(rows);
  expect(rounds[0]).toEqual([0, 10, 20, 30]);
  // 12 of 40 are ⌊40 k / 12⌋: 0, 3, 6, 10, 13, 16, 20, …
  expect(rounds[1]).toEqual([3, 6, 13, 16, 23, 26, 33, 36]);
  expect(rounds.map((round) => round.length)).toEqual([4, 8, 24, 4]); // 12 and 36 of them lie in 40, the rest last
  expect([...rounds.flat()].sort((a, b) => a - b)).toEqual(rows);
  expect(roundsOf([5, 7])).toEqual([[5, 7]]);
  expect(roundsOf([])).toEqual([]);
});

it("the cheapest system is first: by what a case took, else by how it draws, else as the menu has them", () => {
  const of = (name: string, choice: "z" | "seed" | "member" | "head" | "samples") => ({ name, config: { choice } });
  const models = [of("ensemble", "member"), of("dropout", "seed"), of("a", "z"), of("b", "z"), of("own", "samples")];
  const names = (paces: Record<string, number>) => cheapestFirst(models, paces).map(({ name }) => name);
  expect(names({})).toEqual(["own", "a", "b", "ensemble", "dropout"]);
  expect(names({ dropout: 20, a: 30, b: 10 })).toEqual(["b", "dropout", "a", "own", "ensemble"]);
});

it("the time left is each system's own pace times its own cases, at least so much while one was not measured", () => {
  const system = (name: string, done: number, status: SystemRun["status"] = "waiting") =>
    ({ name, status, rows: Array(done).fill({}), failed: [] }) as unknown as SystemRun;
  const order = { rows: Array(10).fill(0) } as never;
  const left = (systems: readonly SystemRun[], paces: Record<string, number>) => timeLeft({ order, systems, paces });
  // 6 cases of 100 ms and 8 of 1 s
  expect(left([system("a", 4), system("b", 2)], { a: 100, b: 1000 })).toEqual({ milliseconds: 8600, atLeast: false });
  expect(left([system("a", 4), system("b", 0)], { a: 100 })).toEqual({ milliseconds: 600, atLeast: true });
  expect(left([system("a", 4), system("b", 0, "failed")], { a: 100 })).toEqual({ milliseconds: 600, atLeast: false });
  expect(left([system("a", 10), system("b", 0)], { a: 100 })).toBeNull();
});
