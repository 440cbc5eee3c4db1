import { existsSync, readFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { TYPES } from "../../support/static-host.ts";

/** Hosts pack these. */
const PACKED = [".html", ".js", ".css", ".json", ".wasm", ".svg"];
const PIECE = 4096;

export interface Line {
  readonly bytesPerSecond: number;
  /** Before the first byte of each answer, in milliseconds. */
  readonly latency: number;
}

/**
 * A host behind a line that all answers share, workers' too (a browser's own throttling knows one page only): packed
 * files of `folder`, `sent` bytes so far. Files may be kept by the browser for good, but for the page itself.
 */
export async function hostBehind(folder: string, line: Line | null) {
  let sent = 0;
  let free = 0;
  const packed = new Map<string, Buffer>();
  const bodyOf = (file: string): Buffer => {
    const known = packed.get(file) ?? readFileSync(join(folder, file));
    const body = packed.has(file) || !PACKED.includes(extname(file)) ? known : gzipSync(known);
    packed.set(file, body);
    return body;
  };
  /** In small pieces, each in its turn: whoever asks at the same time gets a fair share. */
  const send = async (response: ServerResponse, body: Buffer, by: Line) => {
    await new Promise((done) => setTimeout(done, by.latency));
    for (let at = 0; at < body.length && !response.destroyed; at += PIECE) {
      const piece = body.subarray(at, at + PIECE);
      free = Math.max(free, performance.now()) + (1000 * piece.length) / by.bytesPerSecond;
      const wait = free - performance.now();
      if (wait > 0) await new Promise((done) => setTimeout(done, wait));
      sent += piece.length;
      response.write(piece);
    }
    response.end();
  };
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://host").pathname);
    const file = path.endsWith("/") ? `${path}index.html` : path;
    if (!existsSync(join(folder, file))) return void response.writeHead(404).end();
    const body = bodyOf(file);
    response.writeHead(200, {
      "content-type": TYPES[extname(file)] ?? "application/octet-stream",
      "content-length": body.length,
      ...(PACKED.includes(extname(file)) && { "content-encoding": "gzip" }),
      "cache-control": file.endsWith(".html") ? "no-cache" : "public, max-age=31536000, immutable",
    });
    if (line) return void send(response, body, line);
    sent += body.length;
    response.end(body);
  });
  await new Promise<void>((listening) => server.listen(0, "localhost", listening));
  const { port } = server.address() as { port: number };
  const close = () =>
    new Promise<void>((closed) => {
      server.close(() => closed());
      server.closeAllConnections();
    });
  return { address: `http://localhost:${port}/`, sent: () => sent, close };
}
