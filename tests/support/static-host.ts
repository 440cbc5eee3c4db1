import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";

/** MIME types by the end of a file's name. */
export const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".webmanifest": "application/manifest+json",
};

/**
 * The plainest static host: files of a folder as they are at the moment, and what of them was asked for. `port` 0: any
 * that is free; `headers` go with every file.
 */
export async function staticHost(folder: string, port = 0, headers: Readonly<Record<string, string>> = {}) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://host").pathname);
    const file = path.endsWith("/") ? `${path}index.html` : path;
    asked.push(file);
    try {
      const body = readFileSync(join(folder, file));
      const type = TYPES[extname(file)] ?? "application/octet-stream";
      response.writeHead(200, { ...headers, "content-type": type }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((listening) => server.listen(port, "localhost", listening));
  const address = server.address() as { port: number };
  const close = () =>
    new Promise<void>((closed) => {
      server.close(() => closed());
      server.closeAllConnections();
    });
  return { address: `http://localhost:${address.port}/`, asked: asked as readonly string[], close };
}
