import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { VitePWA } from "vite-plugin-pwa";
import { archivesIn, archivesTag, contentPolicy } from "./scripts/archives.mjs";
import { earlyRequests } from "./scripts/early-requests.mjs";
import { firstChunks } from "./scripts/first-chunks.mjs";
import { licences } from "./scripts/licences.mjs";
import { prerender } from "./scripts/prerender.mjs";
import { selfContainedThreads } from "./scripts/self-contained-threads.mjs";

const { version } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8")) as { version: string };

const { default: defaultModel } = JSON.parse(readFileSync(new URL("models/index.json", import.meta.url), "utf8")) as {
  default: string;
};

/** Both headers make the page cross-origin isolated, which threads in wasm need; a host without them gets one thread. */
const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

const archives = archivesIn(process.env);

/**
 * The built page may talk to its own origin only, and to the archives that it was built for; the development server needs
 * inline scripts, so it goes without a policy.
 */
function contentSecurityPolicy(): Plugin {
  return {
    name: "content-security-policy",
    apply: "build",
    transformIndexHtml: () => {
      const attrs = { "http-equiv": "Content-Security-Policy", content: contentPolicy(archives) };
      return [{ tag: "meta", attrs, injectTo: "head-prepend" }, ...archivesTag(archives)];
    },
  };
}

const notices = licences();

/** What every visit runs, in its order. */
const FIRST = [
  ["begin", resolve(import.meta.dirname, "src/begin.ts")],
  ["page", resolve(import.meta.dirname, "src/main.tsx")],
] as const;

export default defineConfig({
  base: "./",
  plugins: [
    react(),
    contentSecurityPolicy(),
    notices.inPage,
    earlyRequests(),
    prerender(archives),
    VitePWA({
      // A newer page waits until the person takes it: what is open is not drawn out from under them.
      registerType: "prompt",
      // src/main.tsx registers it once the example is on the screen: until then the line is the example's.
      injectRegister: false,
      manifest: {
        name: "Graderspace",
        short_name: "Graderspace",
        description: "Where graders of a lesion would disagree, from a Probabilistic U-Net in the browser",
        display: "standalone",
        start_url: ".",
        scope: ".",
        theme_color: "#101418",
        background_color: "#101418",
        icons: [{ src: "icon.svg", sizes: "any", type: "image/svg+xml", purpose: "any" }],
      },
      workbox: {
        // The page with every piece of its code, its default model, wasm and the examples are there offline after the first visit. Workbox leaves
        // larger files out in silence unless the limit says otherwise, and the rest comes on first use.
        maximumFileSizeToCacheInBytes: 12 * 1024 * 1024,
        globPatterns: [
          "**/*.{html,js,css,svg,webmanifest}",
          "examples/**/*.{json,npy,png}",
          "assets/start-*.bin",
          "assets/*_decode-*.wasm",
          "assets/tfjs-backend-wasm-simd-*.wasm",
          "assets/tfjs-backend-wasm-threaded-*.wasm",
          `models/${defaultModel}/*`,
        ],
        runtimeCaching: [
          {
            // What an archive sends is nobody's to keep.
            urlPattern: ({ sameOrigin, url }) => sameOrigin && !url.pathname.includes("/dicomweb/"),
            handler: "StaleWhileRevalidate",
            options: { cacheName: "graderspace-on-demand" },
          },
        ],
        cleanupOutdatedCaches: true,
        // The tab of the first visit works offline too, not only the next one.
        clientsClaim: true,
      },
    }),
  ],
  define: {
    __APP_VERSION__: JSON.stringify(version),
    __APP_COMMIT__: JSON.stringify(commit()),
  },
  worker: { format: "es", plugins: () => [selfContainedThreads(), notices.inWorkers] },
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [{ debugName: "first", name: firstChunks(FIRST), includeDependenciesRecursively: false }],
        },
        // A model's files keep its name, so that the precache can tell the default model from the others.
        assetFileNames: ({ originalFileNames }) => {
          const model = originalFileNames[0]?.match(/^models\/([^/]+)\//)?.[1];
          return model ? `models/${model}/[name]-[hash][extname]` : "assets/[name]-[hash][extname]";
        },
      },
    },
  },
  server: { headers: isolation },
  preview: { headers: isolation },
});

function commit(): string {
  try {
    return execFileSync("git", ["rev-parse", "--short=12", "HEAD"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return "unknown"; // a downloaded archive has no history
  }
}
