import { beforeEach, expect, it } from "vitest";
import {
  goTo,
  goToStep,
  openSheet,
  placeIn,
  placeOf,
  placeWord,
  takeBrush,
  takeLasso,
} from "../../../src/state/app/places.ts";
import { createExplorerStore, type ExplorerStore } from "../../../src/state/app/store.ts";

let store: ExplorerStore;
const place = () => {
  const { view, sheet, tour, lasso } = store.getState();
  return { view, sheet, tour, lasso };
};

beforeEach(() => {
  store = createExplorerStore(() => 0);
});

it("another view ends tour and lasso, which belong to the explorer; the way back leaves them", () => {
  goToStep(store, 2);
  takeLasso(store, "add");
  goTo(store, "explorer");
  expect(place()).toEqual({ view: "explorer", sheet: null, tour: 2, lasso: "add" });
  goTo(store, "evaluate");
  expect(place()).toEqual({ view: "evaluate", sheet: null, tour: null, lasso: "off" });
});

it("a brush is a whole number of pixels wide, from 1 to 60", () => {
  const widths = [0, 4.4, 60, 61].map((width) => {
    takeBrush(store, width);
    return store.getState().brush;
  });
  expect(widths).toEqual([1, 4, 60, 60]);
});

it("a sheet stands over any view until it is closed", () => {
  goTo(store, "compare");
  openSheet(store, "export");
  expect(place()).toMatchObject({ view: "compare", sheet: "export" });
  openSheet(store, null);
  expect(place()).toMatchObject({ view: "compare", sheet: null });
});

it("a link names lesion and the parts of Evaluate and Learn, and no other place", () => {
  const views = [
    "explorer",
    "lesion",
    "compare",
    "evaluate",
    "agreement",
    "lesions",
    "teach",
    "learn",
    "train",
  ] as const;
  expect(views.map((view) => placeWord({ view }))).toEqual([
    ...["", "&view=lesion", "", "&view=evaluate", "&view=agreement", "&view=lesions", "&view=teach"],
    ...["&view=learn", "&view=train"],
  ]);
  expect(["#view=learn", "#view=train"].map(placeIn)).toEqual(["learn", "train"]);
  expect(["#case=a&view=lesion", "view=lesions", "#case=a", "#view=kitchen", "#view=compare"].map(placeIn)).toEqual([
    "lesion",
    "lesions",
    "explorer",
    "explorer",
    "explorer",
  ]);
});

it("the parts of Evaluate are one place, and so are those of Learn", () => {
  const views = ["evaluate", "agreement", "lesions", "teach", "lesion", "learn", "train"] as const;
  expect(views.map(placeOf)).toEqual(["evaluate", "evaluate", "evaluate", "evaluate", "lesion", "learn", "learn"]);
});
