import { createRoot, hydrateRoot } from "react-dom/client";
import { firstModel, pageModels } from "./bundled-models.ts";
import { noSuchModel } from "./core/config/retired-models.ts";
import { GraderspaceError } from "./core/errors.ts";
import { say } from "./core/language/say.ts";
import type { BackendName } from "./core/network/model.ts";
import { download } from "./download.ts";
import { early } from "./early.ts";
import { nextTurn } from "./engine/calls/next-turn.ts";
import { createPageEngine } from "./engine/page-engine.ts";
import { keepForOffline, takeNewVersion } from "./offline.ts";
import { createExplorer } from "./state/app/create.ts";
import type { Ports } from "./state/app/ports.ts";
import type { View } from "./state/app/shape.ts";
import { keptInDatabase } from "./state/cases/kept/kept-db.ts";
import { createLibrary } from "./state/cases/library.ts";
import { EVALUATIONS, rowsInDatabase } from "./state/evaluate/rows-db.ts";
import { engineIsThere, isBusy } from "./state/explore/busy.ts";
import { App } from "./ui/app/app.tsx";
import { speak, wantedLanguage } from "./ui/language/languages.ts";

declare const __APP_VERSION__: string;
declare const __APP_COMMIT__: string;

const files = import.meta.glob<string>("../models/*/*.safetensors", { eager: true, query: "?url", import: "default" });
const goldens = import.meta.glob<string>("../models/*/golden.{json,bin}", {
  eager: true,
  query: "?url",
  import: "default",
});
const cards = import.meta.glob<string>(["../models/*/README.md", "!../models/training/**"], {
  query: "?raw",
  import: "default",
});
const cardPictures = import.meta.glob<string>("../models/*/examples.png", {
  eager: true,
  query: "?url",
  import: "default",
});
const wasm = import.meta.glob<string>("../node_modules/@tensorflow/tfjs-backend-wasm/wasm-out/*.wasm", {
  eager: true,
  query: "?url",
  import: "default",
});

/** The database of finished folds: its name stands here, as its code comes when somebody teaches. */
const TEACHINGS = "graderspace-teachings";

const query = new URLSearchParams(location.search);
const { start, drawn, readFrom, sliders, putBack } = await early;
// Workers, their code and the weights come after what is seen first, which has the line for itself.
const engine = createPageEngine({
  ...{ wasmUrls: wasmUrls(), forced: forced(query.get("backend")) },
  decoding: sliders?.worker() ?? null,
});
let tellDrawn = () => {};
/** Until the hands have hold of the page, the processor is the page's and the sliders'. */
const isDrawn = drawn ? new Promise<void>((tell) => (tellDrawn = tell)) : engine.start();

const ports: Ports = {
  engine: async () => {
    await isDrawn;
    engine.start();
    return engine;
  },
  ...(sliders && { start: { encoding: () => sliders.encoding, decoder: engine.decoder } }),
  trainer: async () => {
    const { createRemoteTraining } = await import("./engine/train/remote-training.ts");
    const worker = new Worker(new URL("./model.worker.ts", import.meta.url), { type: "module", name: "train" });
    await listening(worker);
    return createRemoteTraining(worker, workerOptions(), () => worker.terminate());
  },
  teacher: async () => {
    const { createRemoteTeaching } = await import("./engine/teach/remote-teaching.ts");
    const worker = new Worker(new URL("./model.worker.ts", import.meta.url), { type: "module", name: "teach" });
    await listening(worker);
    return createRemoteTeaching(worker, workerOptions(), () => worker.terminate());
  },
  models: pageModels,
  firstModel: firstModel(query),
  readModel: (name, file, task) => {
    const { weights = [] } = pageModels.find((model) => model.name === name)?.config ?? {};
    const { bytes } = weights.find((one) => one.file === file) ?? {};
    return download(files[`../models/${name}/${file}`], `${name}/${file}`, task, bytes);
  },
  readGolden: async (name) => {
    const [json, values] = [goldens[`../models/${name}/golden.json`], goldens[`../models/${name}/golden.bin`]];
    if (!json || !values) return null;
    const [read, binary] = [download(json, "golden.json"), download(values, "golden.bin")];
    return { json: await read, values: await binary };
  },
  readExample: (path, task) => download(`./examples/${path}`, `examples/${path}`, task),
  readCard: async (name) => {
    const text = await cards[`../models/${name}/README.md`]?.();
    const picture = cardPictures[`../models/${name}/examples.png`];
    const pictures: Record<string, string> = picture ? { "examples.png": picture } : {};
    return text === undefined ? null : { text, pictures };
  },
  evaluationRows: rowsInDatabase(),
  teachings: async () => (await import("./state/evaluate/teach/teachings-db.ts")).teachingsInDatabase(TEACHINGS),
  kept: keptInDatabase([EVALUATIONS, TEACHINGS]),
  archives: archivesOf(document),
  // No cookie, no stored login: who enters an archive is said by the person, or by the server that passes requests on.
  archiveTransport: {
    send: (url, request) =>
      fetch(url, { ...request, credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer" }),
    wait: waited,
  },
  frame: (callback) => void requestAnimationFrame(callback),
  now: () => performance.now(),
  nextTurn,
  takeNewVersion,
  app: { version: __APP_VERSION__, commit: __APP_COMMIT__ },
};

const library = createLibrary(ports);
readFrom(async (id) => (await library.read(id)).read(0));
const explorer = createExplorer(ports, library, location.hash, start, drawn);
followAddress();
warnOfQuery();
addEventListener("pagehide", explorer.wouldLose);
addEventListener("beforeunload", (event) => {
  if (explorer.wouldLose()) event.preventDefault();
});
if (import.meta.env.PROD) whenShown(() => void keepForOffline(explorer.actions.tellNewVersion).catch(() => undefined));
const language = wantedLanguage(location.search);
if (language === "en") drawPage();
else void speak(language).catch(explorer.actions.warn).finally(drawPage);

function drawPage(): void {
  const root = document.getElementById("root") as HTMLElement;
  if (!drawn) {
    createRoot(root).render(<App explorer={explorer} />);
    return;
  }
  const doAgain = putBack();
  hydrateRoot(root, <App explorer={explorer} />);
  // React takes hold at once of what an event goes to, and of the explorer, which is an Activity, else when it has time.
  root.querySelector("main")?.dispatchEvent(new Event("change", { bubbles: true }));
  doAgain();
  tellDrawn();
}

/**
 * The view goes into the address, a moment after it has changed, and an edited address into the view. Each place is a
 * step of the browser's history: back and forward change the place alone, and leave case, model and z as they are.
 */
function followAddress(): void {
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let stepping = false;
  const { store } = explorer;
  /** What the address is made of, beside the place. */
  const parts = ["intent", "compare", "cases", "lesionLook", "lesionThresholds"] as const;
  const write = (how: "pushState" | "replaceState") => {
    clearTimeout(waiting);
    if (store.getState().awaited === null) history[how]({ view: store.getState().view }, "", `#${explorer.hash()}`);
  };
  store.subscribe((state, before) => {
    if (state.view !== before.view) return write(stepping ? "replaceState" : "pushState");
    if (parts.every((part) => state[part] === before[part])) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => write("replaceState"), 250);
  });
  addEventListener("popstate", ({ state }) => {
    if (!isPlace(state)) return; // an address that was typed: its hash is followed
    stepping = true;
    if (state.view === "compare") explorer.actions.openCompare();
    else explorer.actions.show(state.view);
    stepping = false;
    write("replaceState"); // the rest of that entry's hash is of an older view
  });
  addEventListener("hashchange", () => explorer.actions.follow(location.hash));
}

/** What the address asks for and the page does not have is said; the page is as it is without. */
function warnOfQuery(): void {
  const { warn } = explorer.actions;
  const asked = query.get("model");
  if (asked !== null && ports.firstModel !== asked)
    warn(
      noSuchModel(asked, {
        problem: say`the address asks for a model that is not here`,
        remedy: say`choose one from the menu`,
      }),
    );
  const backend = query.get("backend");
  if (backend !== null && forced(backend) === undefined) {
    const problem = say`the address asks for a backend that there is not: ${backend}`;
    warn(new GraderspaceError("BadArgument", { problem, remedy: say`ask for webgpu, wasm or cpu` }));
  }
}

function isPlace(state: unknown): state is { readonly view: View } {
  return typeof state === "object" && state !== null && "view" in state;
}

/** The first visit's line belongs to the example; what works offline comes when that is on the screen and its model at work. */
function whenShown(work: () => void): void {
  const { store } = explorer;
  const stop = store.subscribe((state) => {
    const { failures, intent } = state;
    if (isBusy(state) || !(engineIsThere(state) || failures.model?.key === intent.model)) return;
    stop();
    work();
  });
}

/** The archives that whoever built or serves the page allows it (scripts/archives.mjs). */
function archivesOf(page: Document): Ports["archives"] {
  const said = page.querySelector('meta[name="graderspace-archives"]')?.getAttribute("content");
  if (!said) return [];
  return (JSON.parse(said) as Ports["archives"]).map((site) => ({
    ...site,
    base: new URL(site.base, location.href).href,
  }));
}

function waited(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

/** Until a worker listens: what comes before is lost. */
async function listening(worker: Worker): Promise<void> {
  await new Promise((listens, fails) => {
    worker.addEventListener("message", listens, { once: true });
    worker.addEventListener("error", () => fails(new Error("its worker did not start")), { once: true });
  });
}

function workerOptions() {
  return { wasmUrls: wasmUrls(), forced: forced(query.get("backend")) };
}

function forced(name: string | null): BackendName | undefined {
  return name === "webgpu" || name === "wasm" || name === "cpu" ? name : undefined;
}

function wasmUrls(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(wasm).map(([path, url]) => [
      path.slice(path.lastIndexOf("/") + 1),
      new URL(url, location.href).href,
    ]),
  );
}
