import { expect } from "vitest";

/** So many turns of the event loop: what was to happen by itself has happened, or does not. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setTimeout(resolve, 2));
}

/** Until it holds, however long a slow machine takes: turns are counted, against what never comes. */
export async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 100_000 && !holds(); turn++) await turns(1);
  expect(holds()).toBe(true);
}
