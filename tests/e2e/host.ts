import { resolve } from "node:path";
import { staticHost } from "../support/static-host.ts";

// The built page for the browser tests, under the headers that README asks hosts for: `npx tsx tests/e2e/host.ts PORT`.
// `vite preview` would pack each file anew for every page that is opened.
await staticHost(resolve(import.meta.dirname, "../../dist"), Number(process.argv[2]), {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
});
