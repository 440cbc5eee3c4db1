import { MOST_SAMPLES } from "../../app/intent.ts";
import type { StateStore } from "../../app/store.ts";
import type { LesionsWish } from "./lesions-of-pack.ts";

/** Whose samples of the lesions are wanted: written here alone. */
export function wishLesions(store: StateStore, change: Partial<LesionsWish>): void {
  const whole = (value: number, low: number, high: number) =>
    Number.isFinite(value) ? Math.max(low, Math.min(high, Math.round(value))) : low;
  store.setState(({ lesionsWish }) => {
    const { model, count, seed } = { ...lesionsWish, ...change };
    return { lesionsWish: { model, count: whole(count, 1, MOST_SAMPLES), seed: whole(seed, 0, 2 ** 31 - 1) } };
  });
}
