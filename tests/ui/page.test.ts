// @vitest-environment happy-dom
import { act, createElement } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createExplorer, type Explorer } from "../../src/state/app/create.ts";
import { isBusy } from "../../src/state/explore/busy.ts";
import { App } from "../../src/ui/app/app.tsx";
import { fakeLibrary } from "../support/fake-library.ts";
import { fakePorts } from "../support/fake-ports.ts";
import { turns, until } from "../support/until.ts";

let explorer: Explorer;
let root: Root;

beforeEach(async () => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  document.body.innerHTML = '<div id="root"></div>';
  explorer = createExplorer(
    fakePorts(async () => new Uint8Array()),
    fakeLibrary(),
  );
  root = createRoot(document.getElementById("root") as HTMLElement);
  await act(async () => root.render(createElement(App, { explorer })));
  await settled();
});

afterEach(async () => {
  explorer.dispose();
  await act(async () => root.unmount());
});

async function settled(): Promise<void> {
  for (let i = 0; i < 100_000 && isBusy(explorer.store.getState()); i++) {
    await act(async () => new Promise((resolve) => setTimeout(resolve, 5)));
  }
}

const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)];
const named = (selector: string) => all(selector).map((element) => element.getAttribute("aria-label"));
const button = (name: string) =>
  all("button").find((element) => (element.getAttribute("aria-label") ?? element.textContent?.trim()) === name);
const slider = (name: string) => document.querySelector<HTMLInputElement>(`input[aria-label="${name}"]`);
const click = async (element: HTMLElement | undefined) => act(async () => element?.click());
const press = async (element: HTMLElement, key: string, shiftKey = false) =>
  act(async () => void element.dispatchEvent(new KeyboardEvent("keydown", { key, shiftKey, bubbles: true })));

describe("the page", () => {
  it("has the names that tests and assistive technology rely on", () => {
    expect(named("[role=img]")).toEqual(expect.arrayContaining(["CT slice", "Region", "Latent plane"]));
    for (const name of ["Open file", "Export", "Share", "Draw samples", "Prior mean", "As grader 1", "As grader 2"]) {
      expect(button(name), name).toBeDefined();
    }
    expect(named("[role=radiogroup]")).toContain("Layers");
    expect(named("fieldset")).toContain("Outlines");
    expect(named("section")).toEqual(expect.arrayContaining(["Figures", "Samples", "Latent space"]));
    expect(named("button").some((name) => name?.startsWith("Backend:"))).toBe(true);
    expect(document.querySelector("main")?.getAttribute("aria-busy")).toBe("false");
    expect(document.querySelector("[role=status]")).not.toBeNull();
  });

  it("orders the sliders by effect, and says of one that does nothing here so, with its number", async () => {
    expect(all("[data-axis]").map((row) => row.dataset["axis"])).toEqual(["z2", "z3", "z1", "z4", "z5", "z6"]);
    const said = (axis: string) => document.querySelector(`[data-axis="${axis}"]`)?.textContent ?? "";
    await until(() => said("z6").includes("no effect here · 0.00"));
    expect(said("z2")).not.toContain("no effect");
  });

  it("moves a slider by .1 σ with an arrow and by 1 σ with shift; a double click puts it back", async () => {
    const z2 = slider("z2") as HTMLInputElement;
    await press(z2, "ArrowRight");
    await press(z2, "ArrowRight", true);
    expect(Number(z2.value)).toBeCloseTo(1.1, 5);
    expect(document.querySelector(".source")?.textContent).toContain("by hand");
    await act(async () => void z2.dispatchEvent(new MouseEvent("dblclick", { bubbles: true })));
    expect(Number(z2.value)).toBe(0);
  });

  it("names where z comes from", async () => {
    await click(button("Draw samples"));
    expect(document.querySelector(".source")?.textContent).toContain("sample 1 of seed 0");
    await click(button("Prior mean"));
    expect(document.querySelector(".source")?.textContent).toContain("prior mean");
    await click(button("As grader 1"));
    expect(document.querySelector(".source")?.textContent).toContain("posterior of grader 1");
  });

  it("changes the legend with the layer", async () => {
    await act(async () => explorer.actions.setMore("region", true));
    const radios = all('[aria-label="Layers"] input') as HTMLInputElement[];
    const legends: string[] = [];
    for (const radio of radios) {
      await click(radio);
      legends.push(document.querySelector("[data-testid=legend]")?.textContent ?? "");
    }
    expect(new Set(legends).size).toBe(6);
  });

  it("says a file's error in an alert that can be closed", async () => {
    await act(async () => explorer.actions.openFiles([new File(["no picture"], "<b>broken</b>.dcm")]));
    const alert = document.querySelector("[role=alert]");
    expect(alert?.textContent).toContain("<b>broken</b>.dcm");
    expect(alert?.querySelector("b")).toBeNull();
    await click(button("Close message"));
    expect(document.querySelector("[role=alert]")).toBeNull();
  });

  it("tells the tour in ten steps, and ends where it began", async () => {
    await click(button("As grader 1"));
    await click(button("Take the tour (2 minutes)"));
    // The tour is a piece of its own, which comes when it is asked for.
    const said = () => document.querySelector("[role=dialog]")?.textContent ?? "";
    for (let step = 1; step <= 10; step++) {
      // One act a turn: React draws at the end of an act what came within it.
      for (let turn = 0; turn < 100_000 && !said().includes(`${step} of 10`); turn++) await act(async () => turns(1));
      expect(said()).toContain(`${step} of 10`);
      await click(button(step < 10 ? "Next" : "Back to where I was"));
    }
    expect(document.querySelector("[role=dialog]")).toBeNull();
    expect(document.querySelector(".source")?.textContent).toContain("posterior of grader 1");
  });
});
