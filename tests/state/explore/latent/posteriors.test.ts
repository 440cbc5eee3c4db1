import { afterEach, expect, it } from "vitest";
import { createExplorer, type Explorer } from "../../../../src/state/app/create.ts";
import type { EnginePort } from "../../../../src/state/app/ports.ts";
import { isBusy } from "../../../../src/state/explore/busy.ts";
import { posteriorOf } from "../../../../src/state/explore/keys.ts";
import { regionGraders } from "../../../../src/state/explore/masks.ts";
import { fakeLibrary } from "../../../support/fake-library.ts";
import { fakePorts } from "../../../support/fake-ports.ts";
import { until } from "../../../support/until.ts";

let explorer: Explorer;
const state = () => explorer.store.getState();
afterEach(() => explorer.dispose());

/** How many masks each call asked for. A mask that `refuses` says so of fails, and with it its call. */
async function asked(refuses: (area: number) => boolean): Promise<number[]> {
  const calls: number[] = [];
  const base = fakePorts(async () => new Uint8Array());
  const engine = async (): Promise<EnginePort> => {
    const real = await base.engine();
    return {
      ...real,
      load: async (files, task) => {
        const model = await real.load(files, task);
        const { posteriors } = model;
        if (!posteriors) return model;
        return {
          ...model,
          posteriors: async (prepared, masks, how) => {
            calls.push(masks.length);
            const areas = masks.map(({ bits }) => bits.reduce((sum, bit) => sum + bit, 0));
            if (areas.some(refuses)) throw new Error("no");
            return posteriors(prepared, masks, how);
          },
        };
      },
    };
  };
  explorer = createExplorer({ ...base, engine }, fakeLibrary());
  await until(() => !isBusy(state()) && state().plane !== null && Object.keys(state().jobs).length === 0);
  return calls;
}

const placed = () => regionGraders(state()).map(({ key }) => posteriorOf(state(), key) !== null);

it("all graders are placed in one go", async () => {
  expect(await asked(() => false)).toEqual([2]); // one drew nothing, and has a place all the same
  expect(placed()).toEqual([true, true]);
});

it("where the place of one cannot be found, the others are placed all the same", async () => {
  // both, and as that fails the first by itself; then the same for the second, which drew nothing and is placed
  expect(await asked((area) => area > 0)).toEqual([2, 1, 2, 1]);
  expect(placed()).toEqual([false, true]);
});
