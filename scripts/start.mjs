/** `npm start`: installs, builds, serves dist/ at a printed address and opens it (not with --no-open). */
import { archiveUrl, passOn } from "./archives.mjs";
import { installDependencies, root, run } from "./install.mjs";
import { requireNode } from "./node-version.mjs";
import { openInBrowser } from "./open-in-browser.mjs";

requireNode();
const words = process.argv.slice(2);
const options = new Set(words);
if (options.has("--help")) {
  console.log(
    "npm start [-- --no-open] [-- --port=N] [-- --dicomweb ADDRESS [--link-archive]]: install, build, serve, open",
  );
  process.exit(0);
}
const port = Number([...options].find((option) => option.startsWith("--port="))?.slice("--port=".length) ?? 4173);
const archive = archiveAsked();
installDependencies();
// The page is told who answers behind this server; it is built with it, for the browser keeps the built page.
if (archive) process.env.GRADERSPACE_PASSED_ON = archive.host;
if (options.has("--link-archive")) process.env.GRADERSPACE_LINK_ARCHIVE = "1";
run("node", ["scripts/build.mjs"]);
const { preview } = await import("vite");
const passing = archive ? { proxy: passOn(archive.href, process.env), cors: false } : {};
// Silent where an archive is behind it: what is searched there holds names of patients, and belongs in no log.
const server = await preview({
  root,
  preview: { port, host: "localhost", ...passing },
  ...(archive && { logLevel: "silent" }),
});
const address = server.resolvedUrls?.local[0] ?? `http://localhost:${port}/`;
const where = archive
  ? `Only what is searched, opened or stored in the archive goes to ${archive.host}.`
  : "Everything stays on this machine.";
console.log(`\nGraderspace is at ${address}\n${where} Stop with Ctrl+C.`);
// `npm start --no-open` keeps the flag to itself and hands it on as a setting that is not "true".
const open = !options.has("--no-open") && (process.env.npm_config_open ?? "true") === "true";
if (open) openInBrowser(address);

/** The archive of `--dicomweb ADDRESS`; null where none is asked for. */
function archiveAsked() {
  const at = words.findIndex((word) => word === "--dicomweb" || word.startsWith("--dicomweb="));
  if (at < 0) return null;
  const address = words[at].includes("=") ? words[at].slice("--dicomweb=".length) : (words[at + 1] ?? "");
  try {
    return archiveUrl(address);
  } catch (error) {
    console.error(error.message);
    process.exit(2);
  }
}
