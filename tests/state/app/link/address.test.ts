import { afterEach, describe, expect, it } from "vitest";
import { inEnglish } from "../../../../src/core/language/say.ts";
import { createExplorer, type Explorer } from "../../../../src/state/app/create.ts";
import { isBusy } from "../../../../src/state/explore/busy.ts";
import { ballSeries } from "../../../support/ball-series.ts";
import { fakeLibrary } from "../../../support/fake-library.ts";
import { fakePorts } from "../../../support/fake-ports.ts";
import { until } from "../../../support/until.ts";

let explorer: Explorer;

async function open(hash = ""): Promise<void> {
  explorer = createExplorer(
    fakePorts(async () => new Uint8Array()),
    fakeLibrary(),
    hash,
  );
  await until(() => !isBusy(explorer.store.getState()));
}

const state = () => explorer.store.getState();

afterEach(() => explorer.dispose());

describe("the address that the page begins with", () => {
  it("names the place to begin with", async () => {
    await open("#case=example:one&view=lesion");
    expect(state().view).toBe("lesion");
    expect(state().lesionLook.shown).toEqual({ variance: true, graders: true, reader: true });
  });

  it("falls back to the first example where a link names none that is known", async () => {
    await open("#case=example:unheard-of&seed=9");
    expect(state().intent).toMatchObject({ caseId: "example:one", seed: 9 });
  });

  it("asks for an own file by the first digits of its hash", async () => {
    await open("#own=0a1b2c3d&seed=5&layer=mean");
    expect(state().awaited?.hash).toBe("0a1b2c3d");
    expect(inEnglish(state().notices[0]?.text ?? "")).toContain("0a1b2c3d");
  });
});

describe("another address", () => {
  it("shows its case as it says; the page's own address changes nothing", async () => {
    await open();
    const before = state().intent;
    explorer.actions.follow(`#${explorer.hash()}`);
    expect(state().intent).toBe(before);
    explorer.actions.follow("#case=example:two&seed=3&view=evaluate");
    await until(() => state().intent.caseId === "example:two");
    expect(state()).toMatchObject({ intent: { seed: 3 }, view: "evaluate" });
    expect(explorer.hash()).toContain("case=example:two");
    expect(explorer.hash()).toContain("&view=evaluate");
  });

  it("waits for an own slice, and says so of a case that is not here", async () => {
    await open();
    explorer.actions.follow("#own=0a1b2c3d&seed=5");
    expect(state().awaited).toMatchObject({ hash: "0a1b2c3d", intent: { seed: 5 } });
    explorer.actions.follow("#case=example:unheard-of");
    expect(inEnglish(state().notices.at(-1)?.text ?? "")).toContain("a case that this page does not have");
    expect(state().intent.caseId).toBe("example:one");
  });

  it("that names no case is about none", async () => {
    await open();
    explorer.actions.follow("#seed=2");
    expect(state().notices).toEqual([]);
    expect(state()).toMatchObject({ awaited: null, intent: { caseId: "example:one" } });
  });

  it("of an own slice has digits of its numbers, and never its name", async () => {
    await open();
    await explorer.actions.openFiles([ballSeries()]);
    await until(() => state().intent.caseId !== "example:one" && !isBusy(state()));
    expect(explorer.hash()).toMatch(/^own=[0-9a-f]{8}&/);
    expect(explorer.hash()).not.toContain("ball");
  });
});
