import { afterEach, beforeEach, expect, it } from "vitest";
import { createExplorer, type Explorer } from "../../../../src/state/app/create.ts";
import { isBusy } from "../../../../src/state/explore/busy.ts";
import { planeDirections } from "../../../../src/state/explore/latent/directions.ts";
import { fakeLibrary } from "../../../support/fake-library.ts";
import { type FakePorts, fakePorts } from "../../../support/fake-ports.ts";
import { turns, until } from "../../../support/until.ts";

let page: Explorer;
let ports: FakePorts;
/** What waits for the next frame; the clock stands still unless a test moves it. */
let frames: (() => void)[];
let clock: number;

beforeEach(async () => {
  frames = [];
  clock = 0;
  const base = fakePorts(async () => new Uint8Array());
  ports = Object.assign(base, { frame: (callback: () => void) => void frames.push(callback), now: () => clock });
  page = createExplorer(ports, fakeLibrary());
  await until(() => {
    nextFrame();
    return !isBusy(page.store.getState()) && page.store.getState().plane?.value.done === 361;
  });
});
afterEach(() => page.dispose());

/** Draws a frame: a sixtieth of a second goes by. */
function nextFrame(): void {
  clock += 16;
  for (const callback of frames.splice(0)) callback();
}

function move(at: number): void {
  const [direction] = planeDirections(page.store.getState()) ?? [];
  if (direction) page.actions.moveTo([{ direction, at }], "slider");
}

it("the first move is decoded at once; those within its frame wait for the next one, and the last z alone is decoded", async () => {
  await turns(3);
  nextFrame();
  const before = ports.decoder.singles;
  move(0.1);
  await turns(3);
  expect([ports.decoder.singles - before, frames.length]).toEqual([1, 0]);
  for (const at of [0.2, 0.3, 0.4]) move(at);
  await turns(3);
  expect([ports.decoder.singles - before, frames.length]).toEqual([1, 1]); // one frame is asked for, however many moves
  nextFrame();
  await turns(3);
  expect([ports.decoder.singles - before, frames.length]).toEqual([2, 0]);
  expect(isBusy(page.store.getState())).toBe(false);
});
