import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { answers, freePort } from "./free-port.ts";

const CONF = resolve(import.meta.dirname, "../../tools/hosts/nginx.conf");
const MODULES = "/usr/lib/nginx/modules";

/** Debian's nginx on loopback under tools/hosts/nginx.conf, with its commented lines (brotli, a sub-path) switched on. */
export async function nginxHost(nginx: string, folder: string, dist: string) {
  const at = (name: string) => join(folder, name);
  mkdirSync(at("temp"), { recursive: true });
  const brotli = existsSync(join(MODULES, "ngx_http_brotli_filter_module.so"));
  const port = await freePort();
  const conf = readFileSync(CONF, "utf8")
    .replace("listen 80;", `listen 127.0.0.1:${port};`)
    .replaceAll("/srv/graderspace/dist", dist)
    .replace("include mime.types;", "include /etc/nginx/mime.types;")
    .replace("#location /graderspace/", "location /graderspace/")
    .replace("#brotli on;", brotli ? "brotli on;" : "#brotli on;");
  writeFileSync(at("host.conf"), conf);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${at("temp")};`,
  );
  const main = [
    brotli ? `load_module ${MODULES}/ngx_http_brotli_filter_module.so;` : "",
    "daemon off; worker_processes 1;",
    `pid ${at("nginx.pid")}; error_log ${at("error.log")};`,
    `events {} http { access_log off; ${temporary.join(" ")} include ${at("host.conf")}; }`,
  ];
  writeFileSync(at("nginx.conf"), main.join("\n"));
  const server = spawn(nginx, ["-p", folder, "-c", at("nginx.conf"), "-e", at("error.log")], { stdio: "inherit" });
  const address = `http://127.0.0.1:${port}/`;
  for (let turn = 0; turn < 1000 && server.exitCode === null && !(await answers(address)); turn++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { address, packings: brotli ? ["gzip", "br"] : ["gzip"], end: () => server.kill() };
}
