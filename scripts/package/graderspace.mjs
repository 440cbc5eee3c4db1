#!/usr/bin/env node
/** The command of the npm package: without words it serves the page, else it is the command line. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import { nodeVersionProblem } from "../node-version.mjs";
import { openInBrowser } from "../open-in-browser.mjs";
import { serve } from "./serve.mjs";

const root = resolve(import.meta.dirname, "../..");
const { version } = JSON.parse(readFileSync(resolve(root, "package.json"), "utf8"));
const words = process.argv.slice(2);
const problem = nodeVersionProblem();

if (problem) {
  console.error(problem);
  process.exitCode = 1;
} else if (words.length === 0 || /^--(no-open|port(=\d+)?)$/.test(words[0])) {
  await servePage();
} else if (words[0] === "--version") {
  const { COMMIT } = await import("../../package/commit.mjs");
  console.log(`graderspace ${version} (${COMMIT.slice(0, 12)})`);
} else {
  if (words[0] === "--help") console.error("graderspace [--no-open] [--port N]: the page, on this machine\n");
  // what the CommonJS inside the bundle expects to be there
  const cli = resolve(root, "package/cli/graderspace.js");
  Object.assign(globalThis, { require: createRequire(cli), __filename: cli, __dirname: dirname(cli) });
  await import("../../package/cli/graderspace.js");
}

async function servePage() {
  const at = words.findIndex((word) => word.startsWith("--port"));
  const port = at < 0 ? 4173 : Number(words[at].split("=")[1] ?? words[at + 1]);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    console.error("--port needs a number from 0 to 65535.");
    process.exitCode = 2;
    return;
  }
  try {
    const { address } = await serve(resolve(root, "package/page"), root, port);
    console.log(`\nGraderspace ${version} is at ${address}\nEverything stays on this machine. Stop with Ctrl+C.`);
    if (!words.includes("--no-open")) openInBrowser(address);
  } catch (error) {
    console.error(`Port ${port} cannot be used (${error.code}); give another one with --port.`);
    process.exitCode = 1;
  }
}
