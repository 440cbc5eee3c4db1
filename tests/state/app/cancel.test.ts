import { encode } from "fast-png";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createExplorer, type Explorer } from "../../../src/state/app/create.ts";
import type { JobName } from "../../../src/state/app/work/job.ts";
import { caseOnScreen } from "../../../src/state/cases/on-screen.ts";
import { isBusy } from "../../../src/state/explore/busy.ts";
import { fakeLibrary } from "../../support/fake-library.ts";
import { type FakePorts, fakePorts } from "../../support/fake-ports.ts";
import { turns, until } from "../../support/until.ts";

/** Every long action that the status line shows can be given up: nothing is lost, and it can be asked for again. */

let page: Explorer;
let ports: FakePorts;
const state = () => page.store.getState();
const quiet = () => !isBusy(state()) && Object.keys(state().jobs).length === 0;

beforeEach(async () => {
  ports = fakePorts(async () => new Uint8Array());
  page = createExplorer(ports, fakeLibrary());
  await until(quiet);
});
afterEach(() => page.dispose());

/** Cancels a job once it shows; it is gone at once, in silence, and does not begin again by itself. */
async function cancelled(job: JobName): Promise<void> {
  await until(() => state().jobs[job] !== undefined);
  page.actions.cancel(job);
  expect(state().jobs[job]).toBeUndefined();
  await turns(5);
  expect(state().jobs[job]).toBeUndefined();
  expect(state().notices.filter(({ kind }) => kind === "alert")).toEqual([]);
}

it("loading a model: the one before stays, and it is loaded when it is asked for again", async () => {
  let end = () => {};
  ports.fake.slow = new Promise((resolve) => {
    end = resolve;
  });
  page.actions.setModel("fake-fields");
  await cancelled("model");
  expect(state().model?.key).toBe("fake");
  end();
  page.actions.retry();
  await until(quiet);
  expect(state().model?.key).toBe("fake-fields");
});

it("drawing samples: those before stay, and the others come when they are asked for again", async () => {
  ports.decoder.hold = true;
  const before = state().drawn;
  page.actions.setSeed(7);
  await cancelled("samples");
  expect(state().drawn).toBe(before);
  ports.decoder.hold = false;
  for (const go of ports.decoder.held.splice(0)) go();
  page.actions.retry();
  await until(quiet);
  expect(state().drawn?.key).not.toBe(before?.key);
});

it("reading a file: what is on the screen stays, and the file does not come onto it later", async () => {
  let bytes = (_: ArrayBuffer) => {};
  const data = Uint8Array.from({ length: 160 * 150 }, (_, i) => i % 160);
  const png = encode({ width: 160, height: 150, data, depth: 8, channels: 1 }) as Uint8Array<ArrayBuffer>;
  const slow = new File([png], "slow.png");
  slow.arrayBuffer = () =>
    new Promise((resolve) => {
      bytes = resolve;
    });
  const opening = page.actions.openFiles([slow]);
  await cancelled("open");
  await opening;
  bytes(png.buffer);
  await turns(20);
  expect(caseOnScreen(state())?.title).toBe("one");
  expect(state().entries.map(({ title }) => title)).not.toContain("slow.png");
  await page.actions.openFiles([new File([png], "slow.png")]);
  expect(caseOnScreen(state())?.title).toBe("slow.png");
});
