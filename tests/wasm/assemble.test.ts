import { expect, test } from "vitest";
import { assembled, committed } from "./assemble.ts";

test.each(["decode", "conv", "winograd", "drop"] as const)(
  "the committed module is what %s.wat assembles to",
  async (name) => {
    expect(committed(name)).toBe(await assembled(name));
  },
);
