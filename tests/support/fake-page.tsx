import { createRoot } from "react-dom/client";
import { createExplorer } from "../../src/state/app/create.ts";
import { createLibrary } from "../../src/state/cases/library.ts";
import { App } from "../../src/ui/app/app.tsx";
import { fakePorts } from "./fake-ports.ts";

/** The page on the fake engine: for looking at it where no trained model is at hand (npx vite, /tests/support/fake-page.html). */
const read = async (path: string) => new Uint8Array(await (await fetch(`/examples/${path}`)).arrayBuffer());
const ports = { ...fakePorts(read), frame: (callback: () => void) => void requestAnimationFrame(callback) };
const explorer = createExplorer(ports, createLibrary(ports));
createRoot(document.getElementById("root") as HTMLElement).render(<App explorer={explorer} />);
