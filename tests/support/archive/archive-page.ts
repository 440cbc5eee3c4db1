import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { preview } from "vite";
import { archivesIn, contentPolicy, PASSED_ON, passOn } from "../../../scripts/archives.mjs";

interface Allowed {
  /** Links may name what stands in the archive: `--link-archive`. */
  readonly links?: boolean;
  /** The page asks the archive itself, as built with GRADERSPACE_CONNECT. */
  readonly direct?: boolean;
  /** Public collections that it is known to hold. */
  readonly collections?: readonly object[];
}

/** The built page as `npm start -- --dicomweb ADDRESS` serves it, on a free port. */
export async function archivePage(
  address: string,
  env: Readonly<Record<string, string>> = {},
  { links = false, direct = false, collections }: Allowed = {},
) {
  const outDir = mkdtempSync(join(tmpdir(), "graderspace-page-"));
  cpSync(resolve(import.meta.dirname, "../../../dist"), outDir, { recursive: true });
  const index = join(outDir, "index.html");
  const base = direct ? address : PASSED_ON;
  const site = { base, host: new URL(address).host, ...(links && { links }), ...(collections && { collections }) };
  const tag = `<meta name="graderspace-archives" content="${JSON.stringify([site]).replaceAll('"', "&quot;")}">`;
  const policyOf = (env: Readonly<Record<string, string>>) =>
    /connect-src [^;]*/.exec(contentPolicy(archivesIn(env)))?.[0] ?? "";
  const [built, widened] = [policyOf({}), policyOf(direct ? { GRADERSPACE_CONNECT: address } : {})].map((words) =>
    words.replaceAll("'", "&#39;"),
  ) as [string, string];
  const plain = readFileSync(index, "utf8");
  if (!plain.includes(built)) throw new Error(`the built page's policy is not ${built}`);
  const page = plain.replace(built, widened);
  writeFileSync(index, page.replace("<head>", `<head>${tag}`));
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
