import { say, type Text } from "../../core/language/say.ts";
import { cross, dot } from "../geometry/vector.ts";
import type { Stack } from "./stack.ts";

/**
 * Where each slice of a series lies along the normal of the first, mm. `known` is false where one has no place, or slices
 * do not follow each other along it: the places are then their numbers.
 */
export function placesAlong(stack: Stack): { readonly places: readonly number[]; readonly known: boolean } {
  const frames = Array.from({ length: stack.frames }, (_, k) => k);
  const geometries = frames.map((k) => stack.place(k).geometry);
  const first = geometries[0];
  if (first && geometries.every((one) => one !== null)) {
    const normal = cross(first.rowDirection, first.columnDirection);
    const places = geometries.map(({ position }) => dot(position, normal));
    const steps = places.slice(1).map((place, i) => place - (places[i] as number));
    if (steps.every((step) => step > 0) || steps.every((step) => step < 0)) return { places, known: steps.length > 0 };
  }
  return { places: frames, known: false };
}

/** Why a file is no one volume that a lesion goes through, as the problem of a sentence; null where it is one. */
export function whyNoVolume({ channels = 1 }: Pick<Stack, "channels">): Text | null {
  return channels > 1 ? say`it holds ${channels} volumes one after another (of time, or a label each)` : null;
}
