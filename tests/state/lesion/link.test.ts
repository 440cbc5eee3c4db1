import { beforeEach, expect, it } from "vitest";
import { goTo } from "../../../src/state/app/places.ts";
import { createExplorerStore, type ExplorerStore } from "../../../src/state/app/store.ts";
import { lesionActions } from "../../../src/state/lesion/actions.ts";
import { followLesionWords, lesionWords } from "../../../src/state/lesion/link.ts";

let store: ExplorerStore;
const words = () => lesionWords(store.getState());

beforeEach(() => {
  store = createExplorerStore(() => 0);
  goTo(store, "lesion");
});

it("a link to a lesion says what differs from the first look: the sizes that decide, and the outlined sample", () => {
  const { setThresholds, presetThresholds, toggleLesionSample } = lesionActions(store);
  expect(words()).toBe("");
  presetThresholds("lung-rads-2022");
  toggleLesionSample(4);
  expect(words()).toBe("&sizes=lung-rads-2022&sample=5");
  setThresholds([{ name: "500mm3", measure: "volumeMm3", value: 500 }]);
  toggleLesionSample(4);
  expect(words()).toBe("&sizes=500mm3");
});

it("and nothing of it where another place is shown", () => {
  lesionActions(store).presetThresholds("lung-rads-2022");
  goTo(store, "explorer");
  expect(words()).toBe("");
  followLesionWords(store, "#view=lesion&sizes=6mm&sample=2");
  expect(store.getState().lesionThresholds.preset).toBe("lung-rads-2022");
});

it.each([
  ["view=lesion&sizes=lung-rads-2022&sample=5", { preset: "lung-rads-2022", sizes: "6mm,8mm,15mm", sample: 4 }],
  ["#view=lesion&sizes=6mm,500mm3", { preset: null, sizes: "6mm,500mm3", sample: null }],
  ["view=lesion&sizes=tall&sample=0", { preset: "fleischner-2017", sizes: "6mm,8mm,100mm3,250mm3", sample: null }],
  ["view=lesion", { preset: "fleischner-2017", sizes: "6mm,8mm,100mm3,250mm3", sample: null }],
])("%s is taken up, but for what makes no sense", (hash, { preset, sizes, sample }) => {
  followLesionWords(store, hash);
  const { lesionThresholds, lesionLook } = store.getState();
  expect(lesionThresholds.preset).toBe(preset);
  expect(lesionThresholds.thresholds.map(({ name }) => name).join(",")).toBe(sizes);
  expect(lesionLook.sample).toBe(sample);
});

it("another link to a lesion, without a sample, takes the outline away", () => {
  followLesionWords(store, "view=lesion&sample=3&sizes=6mm");
  followLesionWords(store, "view=lesion");
  expect(words()).toBe("");
});
