import { expect } from "vitest";

/** Waits, turn by turn of the event loop, until it holds: counted work, not a clock, says when to give up. */
export async function until(holds: () => boolean, turns = 20_000): Promise<void> {
  for (let turn = 0; turn < turns && !holds(); turn++) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(holds()).toBe(true);
}
