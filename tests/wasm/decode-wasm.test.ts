import { expect, test } from "vitest";
import { assembled, committed } from "./assemble.ts";

test("the committed module is what decode.wat assembles to", async () => {
  expect(committed()).toBe(await assembled());
});
