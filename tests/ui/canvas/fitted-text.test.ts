import { expect, it } from "vitest";
import { fittedText } from "../../../src/ui/canvas/fitted-text.ts";

/** Every letter is one pixel wide. */
const measured = (text: string) => [...text].length;

it("leaves a text that fits as it is, and ends a longer one with dots within the width", () => {
  expect(fittedText("M-Heads", 7, 14, measured)).toBe("M-Heads");
  expect(fittedText("Dropout U-Net", 9, 14, measured)).toBe("Dropout…"); // "Dropout " is cut before its space
  expect(fittedText("Dropout U-Net", 0, 14, measured)).toBe("…");
});
