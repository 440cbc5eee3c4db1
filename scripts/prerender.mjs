import { existsSync, readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { createServer } from "vite";

const ROOT = new URL("../", import.meta.url).pathname;

/**
 * Puts the page that a first visit shows into the built HTML (src/prerender.tsx), to be seen before its code has come.
 * `sites`: the archives that it may ask (archives.mjs).
 */
export function prerender({ sites }) {
  let define = {};
  return {
    name: "prerender",
    apply: "build",
    configResolved: (config) => {
      define = config.define ?? {};
    },
    transformIndexHtml: {
      order: "post",
      async handler(html) {
        const start = `${ROOT}models/start.bin`;
        const page = existsSync(start)
          ? await drawn(new Uint8Array(inflateRawSync(readFileSync(start))), sites, define)
          : null;
        if (page === null) return html;
        const of = sites.length > 0 ? ` data-archives="${quoted(JSON.stringify(sites))}"` : "";
        const root = `<div id="root" data-waits data-hash="${quoted(page.hash)}"${of}>${page.html}</div>`;
        return html.replace('<div id="root"></div>', () => root);
      },
    },
  };
}

function quoted(text) {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
}

async function drawn(startFile, sites, define) {
  const server = await createServer({
    ...{ root: ROOT, configFile: false, mode: "production", appType: "custom", logLevel: "error" },
    ...{ plugins: [react()], define, server: { middlewareMode: true, hmr: false, ws: false, watch: null } },
    optimizeDeps: { noDiscovery: true, include: [] },
  });
  try {
    const { prerendered } = await server.ssrLoadModule("/src/prerender.tsx");
    return prerendered(startFile, sites);
  } finally {
    await server.close();
  }
}
