import { afterEach, expect, it } from "vitest";
import { createExplorer, type Explorer } from "../../../../src/state/app/create.ts";
import { isBusy } from "../../../../src/state/explore/busy.ts";
import { usesFolded } from "../../../../src/state/explore/order/page-order.ts";
import { fakeLibrary } from "../../../support/fake-library.ts";
import { fakePorts } from "../../../support/fake-ports.ts";
import { KeptInMemory } from "../../../support/kept-in-memory.ts";
import { until } from "../../../support/until.ts";

let page: Explorer;
const open = () => [...page.store.getState().pageOrder.open].sort();

async function start(machine = new KeptInMemory(), hash = ""): Promise<KeptInMemory> {
  page = createExplorer({ ...fakePorts(async () => new Uint8Array()), kept: machine.tab() }, fakeLibrary(), hash);
  await until(() => !isBusy(page.store.getState()));
  return machine;
}

afterEach(() => page.dispose());

it("opens calm, and nothing of the first view is folded away", async () => {
  await start();
  expect(open()).toEqual([]);
  for (const panel of ["slice", "region", "latent", "samples", "figures"] as const)
    expect(usesFolded(page.store.getState(), panel), panel).toBe(false);
});

it("opens a panel by itself where a link uses what it folds away, and keeps nothing of that", async () => {
  const machine = await start(new KeptInMemory(), "#layer=entropy&n=8");
  expect(open()).toEqual(["region", "samples"]);
  expect(machine.choices.get("more")).toBeUndefined();
});

it.each([
  ["region", () => page.actions.setThreshold(0.6)],
  ["region", () => page.actions.setOutline("staple", true)],
  ["region", () => page.actions.setNetwork(true)],
  ["latent", () => page.actions.setFieldStrength(0)],
  ["latent", () => page.actions.nextSeed()],
  ["latent", () => page.actions.between(0, 1, 0.5)],
  ["samples", () => page.actions.setSort("area")],
  ["samples", () => page.actions.setRepresentativeOf(128)],
] as const)("opens %s once the view uses it, but not again after the person has closed it", async (panel, use) => {
  await start();
  use();
  expect(open()).toEqual([panel]);
  page.actions.setMore(panel, false);
  page.actions.setZoom(2);
  expect(open()).toEqual([]);
});

it("leaves calm what the first view has: mean, all samples, and z by hand", async () => {
  await start();
  page.actions.setLayer("mean");
  page.actions.setOutline("all", true);
  page.actions.asGrader(0);
  expect(open()).toEqual([]);
});

it("keeps what the person opened, and that the handle and the sentence were seen, until all is forgotten", async () => {
  const machine = await start();
  page.actions.setMore("latent", true);
  page.actions.setMore("figures", true);
  page.actions.setMore("figures", false);
  page.actions.sawDrag();
  page.actions.sawGreeting();
  page.dispose();
  await start(machine);
  await until(() => open().length > 0);
  expect(page.store.getState().pageOrder).toEqual({ open: new Set(["latent"]), dragged: true, greeted: true });
  await page.actions.forgetAll();
  page.dispose();
  await start(machine);
  expect(page.store.getState().pageOrder).toEqual({ open: new Set(), dragged: false, greeted: false });
});

it("keeps what was opened before the browser said what it kept, beside that", async () => {
  const machine = await start();
  page.actions.setMore("latent", true);
  page.actions.setMore("region", true);
  page.actions.sawDrag();
  page.dispose();
  page = createExplorer({ ...fakePorts(async () => new Uint8Array()), kept: machine.tab() }, fakeLibrary(), "");
  page.actions.setMore("figures", true); //     no answer yet
  page.actions.setMore("region", false);
  page.actions.sawGreeting();
  await until(() => machine.choices.get("seen") === "drag,greeting");
  expect(machine.choices.get("more")?.split(",").sort()).toEqual(["figures", "latent"]);
  expect(page.store.getState().pageOrder).toMatchObject({ open: new Set(["figures", "latent"]), dragged: true });
});

it("keeps nothing where the person wants nothing kept", async () => {
  const machine = await start();
  await page.actions.keepWork(false);
  page.actions.setMore("latent", true);
  page.actions.sawDrag();
  expect([...machine.choices.keys()]).toEqual(["keeping"]);
});

it("ends the tour where it began, with the case, or stays with what it told last", async () => {
  await start();
  const { store, actions } = page;
  actions.asGrader(0);
  const before = store.getState().intent;
  const leave = async (how: "stay" | "back") => {
    actions.setTour(0);
    actions.showAtOnce({ layer: "none" }, { source: { kind: "mean" } });
    await actions.openCase(store.getState().entries[1]?.id ?? before.caseId ?? ("" as never));
    actions.endTour(how);
    return store.getState();
  };
  const back = await leave("back");
  expect(back.tour).toBeNull();
  expect(back.intent).toEqual(before);
  const stayed = await leave("stay");
  expect(stayed.intent.view.layer).toBe("none");
  expect(stayed.intent.caseId).not.toBe(before.caseId);
});

it("shows several things at once as one step of undo, and none where nothing changes", async () => {
  await start();
  const { store, actions } = page;
  const steps = () => store.temporal.getState().pastStates.length;
  const first = store.getState().intent;
  actions.showAtOnce({ layer: "none", fill: true }, { source: { kind: "sample", index: 2 } });
  expect(steps()).toBe(1);
  actions.showAtOnce({ layer: "none", fill: true }, { source: { kind: "sample", index: 2 } });
  expect(steps()).toBe(1);
  actions.undo();
  expect(store.getState().intent).toEqual(first);
});
