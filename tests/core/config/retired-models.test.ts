import { describe, expect, it } from "vitest";
import { noSuchModel } from "../../../src/core/config/retired-models.ts";
import { english } from "../../support/english.ts";

const unknown = { problem: "there is no model of this name", remedy: "choose one from the menu" };

describe("noSuchModel", () => {
  it("says of a model that was bundled once that its weights are no longer here, and what came after it", () => {
    const { facts } = noSuchModel("lidc-energy-fields", unknown);
    expect(english(facts.problem)).toMatch(/no longer here/);
    expect(english(facts.remedy)).toMatch(/lidc-energy-gate/);
  });

  it("says of any other name that there is none", () => {
    expect(noSuchModel("lidc-energy", unknown).facts).toMatchObject({ file: "lidc-energy", ...unknown });
  });
});
