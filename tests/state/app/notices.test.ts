import { beforeEach, expect, it } from "vitest";
import { GraderspaceError } from "../../../src/core/errors.ts";
import { inEnglish } from "../../../src/core/language/say.ts";
import { dismiss, sentenceOf, tell } from "../../../src/state/app/notices.ts";
import { createExplorerStore, type ExplorerStore } from "../../../src/state/app/store.ts";
import { english } from "../../support/english.ts";

let store: ExplorerStore;
const said = () => store.getState().notices.map(({ kind, text }) => `${kind}: ${inEnglish(text)}`);

beforeEach(() => {
  store = createExplorerStore(() => 0);
});

it("a status takes the place of the one before; alerts stay beside it", () => {
  tell(store, "status", "Opened a.");
  tell(store, "alert", "b is broken.");
  tell(store, "status", "Opened c.");
  tell(store, "alert", "d is broken.");
  expect(said()).toEqual(["alert: b is broken.", "status: Opened c.", "alert: d is broken."]);
});

it("the same sentence is said once, as the last one", () => {
  tell(store, "alert", "a");
  tell(store, "alert", "b");
  tell(store, "alert", "a");
  expect(said()).toEqual(["alert: b", "alert: a"]);
});

it("of many alerts the last four stay", () => {
  for (const text of ["1", "2", "3", "4", "5"]) tell(store, "alert", text);
  expect(said()).toEqual(["alert: 2", "alert: 3", "alert: 4", "alert: 5"]);
});

it("each is closed by its own number, and may have a button", () => {
  tell(store, "alert", "a");
  tell(store, "alert", "a new version", "reload");
  const [a, b] = store.getState().notices;
  expect([a && "remedy" in a, b?.remedy, a?.id === b?.id]).toEqual([false, "reload", false]);
  dismiss(store, a?.id ?? 0);
  expect(said()).toEqual(["alert: a new version"]);
});

it("of anything thrown a person reads a sentence", () => {
  const known = new GraderspaceError("DamagedFile", {
    file: "x.dcm",
    problem: "it ends early",
    remedy: "copy it again",
  });
  expect(english(sentenceOf(known))).toBe("x.dcm: it ends early; copy it again.");
  expect(english(sentenceOf(new TypeError("x is undefined")))).toBe(
    "Something went wrong: x is undefined; reload the page if it happens again.",
  );
  const chunk = new TypeError("Failed to fetch dynamically imported module: https://host/assets/a-1.js");
  expect(english(sentenceOf(chunk))).not.toContain("Something went wrong");
});
