import { expect, it } from "vitest";
import { isLive } from "../../../src/core/config/model-config.ts";

it("an axis is live where its KL reaches .1 nats and its effect .05", () => {
  expect(isLive({ kl: 0.1, effect: 0.05 })).toBe(true);
  expect(isLive({ kl: 0.09, effect: 0.9 })).toBe(false);
  expect(isLive({ kl: 2, effect: 0.04 })).toBe(false);
});
