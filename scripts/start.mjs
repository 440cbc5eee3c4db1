/** `npm start`: installs, builds, serves dist/ at a printed address and opens it (not with --no-open). */
import { installDependencies, root, run } from "./install.mjs";
import { requireNode } from "./node-version.mjs";
import { openInBrowser } from "./open-in-browser.mjs";

requireNode();
const options = new Set(process.argv.slice(2));
if (options.has("--help")) {
  console.log("npm start [-- --no-open] [-- --port=N]: install, build, serve, open");
  process.exit(0);
}
const port = Number([...options].find((option) => option.startsWith("--port="))?.slice("--port=".length) ?? 4173);
installDependencies();
run("node", ["scripts/build.mjs"]);
const { preview } = await import("vite");
const server = await preview({ root, preview: { port, host: "localhost" } });
const address = server.resolvedUrls?.local[0] ?? `http://localhost:${port}/`;
console.log(`\nGraderspace is at ${address}\nEverything stays on this machine. Stop with Ctrl+C.`);
// `npm start --no-open` keeps the flag to itself and hands it on as a setting that is not "true".
const open = !options.has("--no-open") && (process.env.npm_config_open ?? "true") === "true";
if (open) openInBrowser(address);
