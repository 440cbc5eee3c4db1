import { renderToString } from "react-dom/server";
import { firstModel, pageModels } from "./bundled-models.ts";
import { readStart } from "./io/start/start-file.ts";
import { quietPorts } from "./quiet-ports.ts";
import { createExplorer } from "./state/app/create.ts";
import type { Ports } from "./state/app/ports.ts";
import { createLibrary } from "./state/cases/library.ts";
import type { Start } from "./state/explore/start/start.ts";
import { stateOfFirstVisit } from "./state/explore/start/start-state.ts";
import { App } from "./ui/app/app.tsx";

/**
 * The page that a first visit shows, as HTML, with the hash of its address; busy, for its canvases are painted by
 * src/early.ts. `startFile`: unpacked; `archives`: those that the page may ask. Null where the start is of other weights than the page.
 */
export function prerendered(
  startFile: Uint8Array,
  archives: Ports["archives"],
): { readonly html: string; readonly hash: string } | null {
  const start = readStart(startFile) as Start;
  const model = firstModel(new URLSearchParams());
  const models = pageModels.map((one) => ({ ...one, bundled: true }));
  const first = stateOfFirstVisit(start, { models, model, read: () => Promise.reject(new Error("nothing is read")) });
  if (first === null) return null;
  const ports = quietPorts(pageModels, model, archives);
  const page = createExplorer(ports, createLibrary(ports), "", start, first);
  const none = { createElement: () => ({ getContext: () => null }) };
  Object.assign(globalThis, { document: none }); // pictures are derived while the page is drawn, and painted later
  try {
    const html = renderToString(<App explorer={page} />);
    return { html: html.replace('<main aria-busy="false"', '<main aria-busy="true"'), hash: page.hash() };
  } finally {
    Reflect.deleteProperty(globalThis, "document");
    page.dispose();
  }
}
