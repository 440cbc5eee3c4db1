import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { answers, freePort } from "./free-port.ts";

const CADDYFILE = resolve(import.meta.dirname, "../../tools/hosts/Caddyfile");

/** Debian's Caddy on loopback, without TLS, under tools/hosts/Caddyfile with its commented line (a sub-path) switched on. */
export async function caddyHost(caddy: string, folder: string, dist: string) {
  const port = await freePort();
  const at = join(folder, "Caddyfile");
  const site = readFileSync(CADDYFILE, "utf8")
    .replace(/^graderspace\.example\.org \{/m, `http://127.0.0.1:${port} {`)
    .replace("/srv/graderspace/dist", dist)
    .replace("#uri strip_prefix", "uri strip_prefix");
  writeFileSync(at, `{\n\tadmin off\n\tauto_https off\n\tlog {\n\t\tlevel ERROR\n\t}\n}\n${site}`);
  const env = { ...process.env, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  const server = spawn(caddy, ["run", "--config", at, "--adapter", "caddyfile"], {
    env,
    stdio: "inherit",
  });
  const address = `http://127.0.0.1:${port}/`;
  for (let turn = 0; turn < 1000 && server.exitCode === null && !(await answers(address)); turn++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { address, packings: ["gzip", "zstd"], end: () => server.kill() };
}
