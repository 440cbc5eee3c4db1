import { useEffect } from "react";
import { tinykeys } from "tinykeys";
import { say, type Text } from "../../core/language/say.ts";
import { WINDOW_PRESETS } from "../../core/values/window.ts";
import type { Explorer } from "../../state/app/create.ts";
import { LAYERS } from "../../state/app/intent.ts";
import { useExplorer } from "../../state/app/react.tsx";
import { canExport } from "../../state/explore/export.ts";
import { chosenDraws } from "../../state/explore/masks.ts";
import { shownIndex } from "../../state/explore/samples.ts";
import { hasZ } from "../../state/models/model.ts";
import { STEP } from "../controls/zoom-buttons.tsx";

/** One row of the table: the keys as tinykeys reads them, as people read them, and what they do. */
export interface Shortcut {
  readonly keys: readonly string[];
  readonly shown: string;
  readonly text: Text;
  readonly group: "Everywhere" | "Latent space" | "Picture";
  run(explorer: Explorer, key: string): void;
}

/** The one table of shortcuts; the `?` sheet is drawn from it. */
export const SHORTCUTS: readonly Shortcut[] = [
  {
    keys: ["o"],
    shown: "O",
    text: say`Open files`,
    group: "Everywhere",
    run: () => document.querySelector<HTMLButtonElement>("[data-open-file]")?.click(),
  },
  {
    keys: ["e"],
    shown: "E",
    text: say`Export`,
    group: "Everywhere",
    run: ({ actions, store }) => canExport(store.getState()) && actions.show("export"),
  },
  {
    keys: ["Shift+?", "?"],
    shown: "?",
    text: say`This sheet`,
    group: "Everywhere",
    run: ({ actions }) => actions.show("keys"),
  },
  { keys: ["$mod+z"], shown: "Ctrl Z", text: say`Undo`, group: "Everywhere", run: ({ actions }) => actions.undo() },
  {
    keys: ["$mod+y", "$mod+Shift+z"],
    shown: "Ctrl Y",
    text: say`Redo`,
    group: "Everywhere",
    run: ({ actions }) => actions.redo(),
  },
  {
    keys: ["Escape"],
    shown: "Esc",
    text: say`Put the drawing tool away, end the tour, close messages, go back to the explorer`,
    group: "Everywhere",
    run: ({ actions, store }) => {
      const state = store.getState();
      if (state.lasso !== "off") actions.setLasso("off");
      else if (state.tour !== null) actions.setTour(null);
      else if (state.notices.some(({ kind }) => kind === "alert")) {
        for (const { id, kind } of state.notices) if (kind === "alert") actions.dismiss(id);
      } else if (state.view !== "explorer") actions.show("explorer");
    },
  },
  { keys: ["m"], shown: "M", text: say`Prior mean`, group: "Latent space", run: ({ actions }) => actions.priorMean() },
  {
    keys: ["d"],
    shown: "D",
    text: say`Draw samples with the seed shown`,
    group: "Latent space",
    run: ({ actions }) => actions.drawSamples(),
  },
  { keys: ["n"], shown: "N", text: say`Next seed`, group: "Latent space", run: ({ actions }) => actions.nextSeed() },
  {
    keys: ["j", "k"],
    shown: "J K",
    text: say`Next, previous sample`,
    group: "Latent space",
    run: ({ actions, store }, key) => {
      const state = store.getState();
      const { source } = state.intent.z;
      const { places } = chosenDraws(state);
      const shown = hasZ(state) ? (source.kind === "sample" ? source.index : -1) : shownIndex(state);
      const at = places.indexOf(shown);
      const next = places[((key === "j" ? at + 1 : Math.max(0, at) - 1) + places.length) % places.length];
      if (next !== undefined) actions.chooseSample(next);
    },
  },
  {
    keys: WINDOW_PRESETS.map((_, index) => String(index + 1)),
    shown: "1 – 5",
    text: say`Window: ${WINDOW_PRESETS.map(({ name }) => name).join(", ")}`,
    group: "Picture",
    run: ({ actions }, key) => {
      const window = WINDOW_PRESETS[Number(key) - 1]?.window;
      actions.setWindow(window ? [window.centre, window.width] : null);
    },
  },
  {
    keys: ["+", "Shift++", "=", "-", "0"],
    shown: "+ − 0",
    text: say`Zoom into the region, out of it, all of it`,
    group: "Picture",
    run: ({ actions }, key) => {
      if (key === "0") actions.wholeRegion();
      else actions.zoomRegion(key === "-" ? 1 / STEP : STEP);
    },
  },
  {
    keys: ["z"],
    shown: "Z",
    text: say`Zoom onto the lesion, and back`,
    group: "Picture",
    run: ({ actions, store }) => {
      if (store.getState().intent.view.look.zoom > 1) actions.wholeRegion();
      else actions.zoomOnLesion();
    },
  },
  {
    keys: ["[", "]"],
    shown: "[ ]",
    text: say`Narrower, wider brush and eraser`,
    group: "Picture",
    run: ({ actions }, key) => actions.widenBrush(key === "]" ? 1 : -1),
  },
  {
    keys: ["l"],
    shown: "L",
    text: say`Next layer`,
    group: "Picture",
    run: ({ actions, store }) => {
      const at = LAYERS.indexOf(store.getState().intent.view.layer);
      actions.setLayer(LAYERS[(at + 1) % LAYERS.length] ?? "none");
    },
  },
  {
    keys: ["s", "g", "a"],
    shown: "S G A",
    text: say`Outline of the sample, of the graders, of all samples`,
    group: "Picture",
    run: ({ actions, store }, key) => {
      const outline = key === "s" ? "sample" : key === "g" ? "graders" : "all";
      actions.setOutline(outline, !store.getState().intent.view.outlines[outline]);
    },
  },
];

/** What hands do that no key does; also on the sheet. */
export const GESTURES: readonly (readonly [Text, Text])[] = [
  [say`Drag in the slice`, say`window and level: right widens, down raises the centre`],
  [say`Drag the box, or arrows on it`, say`moves the region (with shift by 8 pixels)`],
  [say`Double-click in the slice`, say`puts the region there`],
  [say`Wheel or pinch`, say`zooms slice or region; in a stack the wheel over the slice scrolls (zoom with Ctrl)`],
  [say`Middle or right button, Shift or Space`, say`pans slice or region; an enlarged region also by plain dragging`],
  [say`Double-click in the region`, say`shows all of it`],
  [say`One finger`, say`moves the box, pans what is enlarged, else scrolls the page`],
  [say`Arrows on a slider`, say`0.1 σ, with shift 1 σ; double-click: back to the mean`],
  [say`Drag in the latent plane`, say`moves z along both directions`],
];

/** Listens for the table's keys, but where a person is typing or a dialog is open. */
export function useShortcuts(): void {
  const explorer = useExplorer();
  useEffect(() => {
    const map: Record<string, (event: KeyboardEvent) => void> = {};
    for (const shortcut of SHORTCUTS) {
      for (const key of shortcut.keys) {
        map[key] = (event) => {
          if (isTyping(event, key) || document.querySelector("dialog[open]")) return;
          // The others move what another view hides.
          if (explorer.store.getState().view !== "explorer" && shortcut.group !== "Everywhere") return;
          event.preventDefault();
          shortcut.run(explorer, event.key.toLowerCase());
        };
      }
    }
    return tinykeys(window, map);
  }, [explorer]);
}

function isTyping({ target }: KeyboardEvent, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.tagName === "TEXTAREA") return true;
  if (target.tagName === "SELECT") return !key.includes("$mod") && key !== "Escape";
  return target instanceof HTMLInputElement && ["text", "number"].includes(target.type) && key !== "Escape";
}
