import { expect, it } from "vitest";
import { firstChunks } from "../../scripts/first-chunks.mjs";

it("a module is in the piece of whoever runs it first, and in none where nothing at the start needs it", () => {
  const imports: Readonly<Record<string, readonly string[]>> = {
    "/begin": ["/shared"],
    "/main": ["/shared", "/page", "/main"],
    "/page": [],
    "/shared": [],
    "/on-demand": ["/page"],
  };
  const pieceOf = firstChunks([
    ["begin", "/begin"],
    ["page", "/main"],
  ]);
  const context = { getModuleInfo: (id: string) => ({ importedIds: imports[id] ?? [] }) };
  const found = Object.keys(imports).map((id) => [id, pieceOf(id, context)]);
  expect(Object.fromEntries(found)).toEqual({
    "/begin": "begin",
    "/shared": "begin",
    "/main": "page",
    "/page": "page",
    "/on-demand": null,
  });
});
