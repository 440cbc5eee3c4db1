import { describe, expect, it } from "vitest";
import { nodeVersionProblem } from "../../scripts/node-version.mjs";

describe("the check of Node's version", () => {
  it.each(["20.19.0", "20.20.2", "22.12.0", "24.0.0", "25.1.0"])("lets Node %s pass", (version) => {
    expect(nodeVersionProblem(version)).toBeNull();
  });

  it.each(["18.20.0", "20.18.3", "21.7.0", "22.11.0", "23.5.0"])(
    "says in a sentence that Node %s will not do",
    (version) => {
      expect(nodeVersionProblem(version)).toMatch(/needs Node 20\.19.*this is Node/);
    },
  );
});
