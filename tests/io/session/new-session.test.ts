import { expect, test } from "vitest";
import { newSession } from "../../../src/io/session/new-session.ts";
import { readSession, writeSession } from "../../../src/io/session/session.ts";
import { smallExport } from "../../support/export-case.ts";
import { modelFiles } from "../../support/golden.ts";

test("a session names the model by its weights and the slice by its values, and nothing of its file", () => {
  const { config } = modelFiles("tests/golden/tiny-general");
  const { slice } = smallExport();
  const session = newSession({
    app: { version: "0.1.0", commit: "abc1234" },
    config,
    slice,
    sha256: "b".repeat(64),
    frame: 2,
    region: [4, 3],
    choice: { kind: "z", seed: 42, count: 2 },
    threshold: 0.5,
    backend: "cpu",
  });
  expect(session.model).toEqual({ name: config.name, sha256: config.weights[0]?.sha256 });
  expect(session.slice).toMatchObject({ width: 7, height: 5, frame: 2, spacingMm: [0.5, 0.7] });
  const bytes = writeSession(session);
  expect(new TextDecoder().decode(bytes)).not.toContain("DOE");
  expect(readSession(bytes, "s.json")).toEqual(session);
});
