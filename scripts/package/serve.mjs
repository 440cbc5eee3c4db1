import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";

/** Media types of everything that the page has; a browser takes modules and wasm under no other. */
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".webmanifest": "application/manifest+json",
};

/** The headers that docs/hosting.md asks of a host. */
const HEADERS = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Content-Security-Policy": "frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
};

/** "models/NAME/weights-Ab12_-9z.safetensors" → "models/NAME/weights.safetensors"; null for what is no file of a model. */
export function unhashed(path) {
  const match = /^(models\/[^/]+\/.+)-[\w-]{8}(\.\w+)$/.exec(path.replaceAll(sep, "/"));
  return match && `${match[1]}${match[2]}`;
}

/**
 * Serves the page of `folder` on this machine alone; models that are not there come from `models`, the folder above
 * models/. The address; rejected where the port is taken.
 */
export function serve(folder, models, port) {
  const server = createServer((request, response) => {
    const file = request.method === "GET" || request.method === "HEAD" ? fileOf(request.url ?? "/") : null;
    if (file === null) {
      response.writeHead(404, HEADERS).end();
      return;
    }
    const hashed = /\/(assets|models)\//.test(request.url ?? "");
    response.writeHead(200, {
      ...HEADERS,
      "Content-Type": TYPES[extname(file)] ?? "application/octet-stream",
      "Cache-Control": hashed ? "max-age=31536000, immutable" : "no-cache",
    });
    response.end(request.method === "HEAD" ? undefined : readFileSync(file));
  });
  return new Promise((resolve, reject) => {
    server.on("error", reject);
    server.listen(port, "localhost", () => resolve({ address: `http://localhost:${server.address().port}/`, server }));
  });

  function fileOf(url) {
    let path;
    try {
      path = normalize(decodeURIComponent(new URL(url, "http://host").pathname)).slice(1);
    } catch {
      return null; // no text of UTF-8
    }
    if (path.split(sep).includes("..") || path.includes("\0")) return null;
    const plain = unhashed(path);
    const places = [join(folder, path === "" ? "index.html" : path), ...(plain ? [join(models, plain)] : [])];
    return places.find((place) => existsSync(place) && statSync(place).isFile()) ?? null;
  }
}
