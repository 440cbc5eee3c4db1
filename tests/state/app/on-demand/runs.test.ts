import { afterEach, describe, expect, it } from "vitest";
import { createExplorer, type Explorer } from "../../../../src/state/app/create.ts";
import { isBusy } from "../../../../src/state/explore/busy.ts";
import { fakeLibrary } from "../../../support/fake-library.ts";
import { fakePorts } from "../../../support/fake-ports.ts";
import { turns, until } from "../../../support/until.ts";

let page: Explorer;
const state = () => page.store.getState();

async function open(hash = ""): Promise<void> {
  page = createExplorer(
    fakePorts(async () => new Uint8Array()),
    fakeLibrary(),
    hash,
  );
  await until(() => !isBusy(state()));
}
afterEach(() => page.dispose());

describe("the work behind the other places", () => {
  it("is not there while the explorer alone is looked at", async () => {
    await open();
    page.actions.setSeed(3);
    page.actions.show("keys");
    page.actions.cancel("evaluate");
    page.actions.retry();
    await turns(20);
    expect(page.runs.ready()).toBeNull();
  });

  it("comes when one of them is looked at, and takes it up", async () => {
    await open();
    page.actions.openCompare();
    await until(() => Object.keys(state().compared).length === 3); // four systems, one of which is the explorer's
    expect(page.runs.ready()).not.toBeNull();
  });

  it("comes with a link to one of them", async () => {
    await open("#view=evaluate");
    await until(() => page.runs.ready()?.evaluation.store.getState().settings.systems.length === 1);
  });

  it("comes with the sheet of the archive", async () => {
    await open();
    page.actions.show("archive");
    await until(() => page.runs.ready() !== null);
  });

  it("does nothing where the page was left before it came", async () => {
    await open();
    page.actions.openCompare();
    page.dispose();
    await page.runs.fetch();
    await turns(20);
    expect(state().compared).toEqual({});
  });
});
