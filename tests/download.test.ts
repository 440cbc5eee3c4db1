import { createServer, type RequestListener, type Server } from "node:http";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { download } from "../src/download.ts";

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** A host that answers every request like this; its address. */
async function host(answer: RequestListener): Promise<string> {
  server = createServer(answer);
  await new Promise<void>((listening) => server.listen(0, "localhost", listening));
  return `http://localhost:${(server.address() as { port: number }).port}/`;
}

describe("a file that is fetched", () => {
  it("comes whole, and says its progress", async () => {
    const url = await host((_, response) => response.writeHead(200, { "content-length": "4" }).end("abcd"));
    const shares: number[] = [];
    expect(await download(url, "a.bin", { onProgress: (share) => shares.push(share) })).toEqual(
      new TextEncoder().encode("abcd"),
    );
    expect(shares.at(-1)).toBe(1);
  });

  it("of a known length says its progress where the server compresses, and so announces none", async () => {
    const url = await host((_, response) =>
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(Buffer.from("abcd"))),
    );
    const shares: number[] = [];
    await download(url, "a.bin", { onProgress: (share) => shares.push(share) }, 8);
    expect(shares.at(-1)).toBe(0.5);
  });

  it("that breaks off midway says how far it came, and what to do", async () => {
    const url = await host((_, response) => {
      response.writeHead(200, { "content-length": "3000000" });
      response.write(Buffer.alloc(1_200_000), () => response.destroy());
    });
    await expect(download(url, "m/weights.safetensors")).rejects.toThrow(
      /^m\/weights.safetensors: the connection was lost after [01]\.\d of 3\.0 MB; check the connection and try again\.$/,
    );
  });

  it("that is a web page in the place of what was asked for is refused", async () => {
    const url = await host((_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<html>"));
    await expect(download(url, "golden.json")).rejects.toThrow("golden.json: the server sent a web page in its place");
  });

  it("that is gone names the server's answer", async () => {
    const url = await host((_, response) => response.writeHead(404).end());
    await expect(download(url, "a.bin")).rejects.toThrow("a.bin: the server answered 404");
  });

  it("is given up by an abort while the line brings nothing", async () => {
    const abort = new AbortController();
    const url = await host((_, response) => {
      response.writeHead(200, { "content-length": "9" });
      response.write("a", () => setTimeout(() => abort.abort(), 20));
    });
    await expect(download(url, "a.bin", { signal: abort.signal })).rejects.toMatchObject({ tag: "Aborted" });
  });
});
