import { expect, it } from "vitest";
import { type CaseId, frameKeyOf } from "../../../src/state/app/identity.ts";
import { FIRST_INTENT, FIRST_VIEW, onCase } from "../../../src/state/app/intent.ts";

it("another case starts at its own region and frame, with z at the prior mean; how it is looked at stays", () => {
  const before = {
    ...FIRST_INTENT,
    caseId: "a" as CaseId,
    frame: 7,
    region: [10, 20] as const,
    seed: 5,
    count: 8,
    z: { source: { kind: "sample", index: 3 } as const, locks: { 1: 0.5 } },
    view: { ...FIRST_VIEW, layer: "mean" as const, zoom: 2, pinned: [1], blend: { grader: 0, share: 0.5 } },
  };
  expect(onCase(before, { id: "b" as CaseId, draw: 41, frame: 2 })).toEqual({
    ...before,
    caseId: "b",
    frame: 2,
    draw: 41,
    region: null,
    z: { source: { kind: "mean" }, locks: {} },
    view: { ...before.view, pinned: [], blend: null, look: FIRST_VIEW.look },
  });
});

it("a frame is named by the opening of its case and its place there", () => {
  expect(frameKeyOf("own:2" as CaseId, 11)).toBe("own:2#11");
});

it("at first the chosen sample and the graders are outlined, over the variance", () => {
  const { layer, outlines } = FIRST_VIEW;
  expect(layer).toBe("variance");
  expect(Object.entries(outlines).flatMap(([name, on]) => (on ? [name] : []))).toEqual(["sample", "graders"]);
});
