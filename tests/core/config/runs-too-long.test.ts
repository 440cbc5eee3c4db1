import { expect, it } from "vitest";
import { runsTooLong } from "../../../src/core/config/runs-too-long.ts";

it("names the network, its seconds, and where they are said", () => {
  expect(runsTooLong("mine", 120)).toMatchObject({
    tag: "TooLarge",
    message:
      "mine: it computed for 120 s without an answer and was stopped; export a smaller network, or allow it more in its config.json (onnx.runSeconds).",
  });
});
