import { afterEach, beforeEach, expect, it } from "vitest";
import { createExplorer, type Explorer } from "../../../../src/state/app/create.ts";
import { isBusy } from "../../../../src/state/explore/busy.ts";
import type { Plane } from "../../../../src/state/explore/latent/masks-over-z.ts";
import { PLANE_SIDE } from "../../../../src/state/explore/latent/plane.ts";
import { fakeLibrary } from "../../../support/fake-library.ts";
import { type FakePorts, fakePorts } from "../../../support/fake-ports.ts";
import { until } from "../../../support/until.ts";

let explorer: Explorer;
let ports: FakePorts;
const seen: Plane[] = [];
const state = () => explorer.store.getState();

beforeEach(async () => {
  seen.length = 0;
  let time = 0;
  // 50 ms go by between two looks at the clock
  ports = {
    ...fakePorts(async () => new Uint8Array()),
    now: () => {
      time += 50;
      return time;
    },
  };
  explorer = createExplorer(ports, fakeLibrary());
  explorer.store.subscribe(({ plane }) => {
    if (plane && plane.value !== seen.at(-1)) seen.push(plane.value);
  });
  await until(() => !isBusy(state()) && state().plane?.value.done === PLANE_SIDE ** 2);
});
afterEach(() => explorer.dispose());

it("shows its middle at once, then the coarse grid: every third mask of every third row, 7 × 7", () => {
  const [first, coarse] = seen;
  expect(first?.done).toBe(16);
  expect(first?.cells[9 * 19 + 9]).not.toBeNull();
  expect(coarse?.done).toBe(49);
  coarse?.cells.forEach((cell, i) => {
    const wanted = (i % 19) % 3 === 0 && Math.floor(i / 19) % 3 === 0;
    expect(cell !== null).toBe(wanted);
  });
});

it("ends with every mask, and is painted a few times on the way, not once for each batch", () => {
  expect(seen.at(-1)?.cells.every((cell) => cell !== null)).toBe(true);
  // a batch takes 50 ms of this clock, so it is halved down to single masks; shown after every 150 ms
  expect(seen.length).toBeLessThan(ports.decoder.decodes / 1.5);
  expect(seen.length).toBeGreaterThan(2);
});
