/** `npm run build`: the built-in examples from the sample CT slice, what the page shows first of them, then the static site in dist/. */
import { run } from "./install.mjs";
import { requireNode } from "./node-version.mjs";

requireNode();
run("npx", ["tsx", "src/examples.ts"]);
run("npx", ["tsx", "src/start-file.ts"]);
run("npx", ["vite", "build"]);
