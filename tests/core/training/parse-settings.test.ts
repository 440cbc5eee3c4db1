import { describe, expect, it } from "vitest";
import { parseTraining } from "../../../src/core/training/parse-settings.ts";
import { DEFAULT_TRAINING } from "../../../src/core/training/settings.ts";

const parsed = (json: unknown) => parseTraining(json, "run.json");

describe("the settings of a training", () => {
  it("are the default ones where nothing is given, and take what is", () => {
    expect(parsed({})).toEqual(DEFAULT_TRAINING);
    expect(parsed({ beta: 10, region: 64 })).toEqual({ ...DEFAULT_TRAINING, beta: 10, region: 64 });
  });

  it.each([
    [{ region: 48 }, "region is 48, not 32 or 64"],
    [{ width: 0 }, "width is 0, not between 4 and 32"],
    [{ pixels: "median" }, 'pixels is "median"'],
    [{ habits: [] }, "habits is empty"],
    [{ habits: [{ name: "A" }] }, "habits[0].level is missing"],
    [{ onlyGrader: 4 }, "onlyGrader is 4, and there are 4 habits"],
    [{ learningRate: 1 }, "learningRate is no setting"],
    [7, "the file is 7"],
  ])("are refused with the field's path: %j", (json, sentence) => {
    expect(() => parsed(json)).toThrow(`run.json: ${sentence}`);
  });
});
