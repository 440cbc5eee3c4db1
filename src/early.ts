import { firstModel, pageModels } from "./bundled-models.ts";
import type { Encoding } from "./core/network/encoding.ts";
import { fetchStart, fetchStartEncoding } from "./fetch-start.ts";
import type { CaseId } from "./state/app/identity.ts";
import type { Picture, State } from "./state/app/shape.ts";
import type { Start } from "./state/explore/start/start.ts";
import { stateOfFirstVisit } from "./state/explore/start/start-state.ts";
import { arrangeForPhone } from "./ui/app/phone.ts";
import { paintExplorer } from "./ui/explore/paint-explorer.ts";
import { keepHands } from "./ui/keyboard/early-hands.ts";
import { wantedLanguage } from "./ui/language/languages.ts";
import { wearTheme } from "./ui/theme/theme.ts";

/** What is there of the page before its code is. */
interface Early {
  /** What the build made to be shown first; null where something else is wanted or it is not to be had. */
  readonly start: Start | null;
  /** The state of the page that came with the HTML and is painted; null where the page is drawn from nothing. */
  readonly drawn: Partial<State> | null;
  /** Where the case on the screen is read again, once its picture is not held any more. */
  readFrom(read: (id: CaseId) => Promise<Picture>): void;
  /** On its way with what the sliders need, where the page is painted. */
  readonly sliders: {
    /** Null where it could not be started. */
    worker(): Worker | null;
    readonly encoding: Promise<Encoding | null>;
  } | null;
  /** Puts back what a person did to the page before its code was there, and gives what does it again. */
  readonly putBack: () => () => void;
}

const NOTHING = () => () => undefined;

/** The page of the HTML (src/prerender.tsx) painted, where the address asks for nothing else. */
export const early: Promise<Early> = begin();

async function begin(): Promise<Early> {
  wearTheme();
  const root = document.getElementById("root") as HTMLElement;
  const query = new URLSearchParams(location.search);
  const model = firstModel(query);
  const elsewhere = model !== firstModel(new URLSearchParams()) || /[#&](own|study)=/.test(location.hash);
  // Whoever serves the page may have given it archives that the build did not know: it draws their button and their hosts.
  const archives = document.querySelector('meta[name="graderspace-archives"]')?.getAttribute("content");
  const isSame = (archives ?? null) === (root.dataset["archives"] ?? null);
  const isMeant = !elsewhere && isSame && ["", `#${root.dataset["hash"]}`].includes(location.hash);
  let sliders: Early["sliders"] = null;
  const drawable = root.firstElementChild !== null && isMeant && wantedLanguage(location.search) === "en";
  if (drawable) arrangeForPhone(root);
  else root.replaceChildren();
  root.removeAttribute("data-waits");
  const putBack = drawable ? keepHands(root) : NOTHING;
  const start = elsewhere ? null : await fetchStart();
  let reader: ((id: CaseId) => Promise<Picture>) | null = null;
  const read = (id: CaseId) => (reader ? reader(id) : Promise.reject(new Error("there is no library yet")));
  const models = pageModels.map((one) => ({ ...one, bundled: true }));
  const drawn = drawable && start ? stateOfFirstVisit(start, { models, model, read }) : null;
  if (drawn) {
    paintExplorer(root, drawn as State);
    root.querySelector("main")?.setAttribute("aria-busy", "false");
    // While the page's code is run, others fetch and start what its sliders need.
    if (["", "wasm"].includes(query.get("backend") ?? ""))
      sliders = { worker: decodeWorker(), encoding: fetchStartEncoding() };
    await painted();
  } else {
    putBack(); // and keeps nothing from now on
    root.replaceChildren();
  }
  return {
    start,
    drawn,
    readFrom: (from) => {
      reader = from;
    },
    sliders,
    putBack,
  };
}

function decodeWorker(): () => Worker | null {
  const worker = new Worker(new URL("./decode.worker.ts", import.meta.url), { type: "module", name: "decode" });
  let failed = false;
  worker.addEventListener("error", () => {
    failed = true;
  });
  return () => (failed ? null : worker);
}

/** When what was drawn is on the screen; at once where nobody sees it. */
function painted(): Promise<void> {
  if (document.visibilityState === "hidden") return Promise.resolve();
  return new Promise((seen) => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        seen();
      };
      port2.postMessage(null);
    });
  });
}
