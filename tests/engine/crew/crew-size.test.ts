import { expect, it } from "vitest";
import { crewSize } from "../../../src/engine/crew/crew-size.ts";

it.each([
  ["one a core", { cores: 4, memoryGb: 8, phone: false }, 4],
  ["one a gibibyte", { cores: 8, memoryGb: 2, phone: false }, 2],
  ["never fewer than one", { cores: 4, memoryGb: 0.5, phone: false }, 1],
  ["two on phones", { cores: 8, memoryGb: 8, phone: true }, 2],
  ["eight at most", { cores: 64, memoryGb: 8, phone: false }, 8],
  ["four where a browser says nothing of memory", { cores: 16, phone: false }, 4],
])("a crew is %s", (_, machine, size) => {
  expect(crewSize(machine)).toBe(size);
});
