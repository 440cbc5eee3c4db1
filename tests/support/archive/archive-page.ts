import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { preview } from "vite";
import { PASSED_ON, passOn } from "../../../scripts/archives.mjs";

/** The built page as `npm start -- --dicomweb ADDRESS` serves it, on a free port. */
export async function archivePage(address: string, env: Readonly<Record<string, string>> = {}) {
  const outDir = mkdtempSync(join(tmpdir(), "graderspace-page-"));
  cpSync(resolve(import.meta.dirname, "../../../dist"), outDir, { recursive: true });
  const index = join(outDir, "index.html");
  const sites = JSON.stringify([{ base: PASSED_ON, host: new URL(address).host }]).replaceAll('"', "&quot;");
  const tag = `<meta name="graderspace-archives" content="${sites}">`;
  writeFileSync(index, readFileSync(index, "utf8").replace("<head>", `<head>${tag}`));
  const headers = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };
  const server = await preview({
    configFile: false,
    root: outDir,
    base: "./",
    build: { outDir },
    logLevel: "silent",
    preview: { host: "127.0.0.1", port: 0, headers, cors: false, proxy: passOn(address, env) },
  });
  const { port } = server.httpServer.address() as { port: number };
  return {
    address: `http://127.0.0.1:${port}/`,
    close: async () => {
      await server.close();
      rmSync(outDir, { recursive: true, force: true });
    },
  };
}
