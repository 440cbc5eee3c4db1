import { describe, expect, it } from "vitest";
import { SHORTCUTS } from "../../../src/ui/app/shortcuts.ts";

describe("the table of shortcuts", () => {
  it("gives each key one meaning", () => {
    const keys = SHORTCUTS.flatMap((shortcut) => shortcut.keys);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("has the windows on 1–5, and undo and redo where people look for them", () => {
    const keys = SHORTCUTS.flatMap((shortcut) => shortcut.keys);
    expect(keys).toEqual(expect.arrayContaining(["1", "2", "3", "4", "5", "$mod+z", "$mod+y", "?", "Escape"]));
  });
});
