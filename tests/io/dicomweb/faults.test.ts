import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { NODE_TRANSPORT } from "../../../src/cli/archive/node-transport.ts";
import { Archive } from "../../../src/io/dicomweb/archive.ts";
import { InstanceCache } from "../../../src/io/dicomweb/instance-cache.ts";
import { loadNearestFirst } from "../../../src/io/dicomweb/nearest-first.ts";
import { openArchiveSeries } from "../../../src/io/dicomweb/series-stack.ts";
import { storeInArchive } from "../../../src/io/dicomweb/store.ts";
import type { ArchiveTransport } from "../../../src/io/dicomweb/transport.ts";
import { type StandIn, standIn } from "../../support/archive/stand-in.ts";
import { ctFile, idcSeg, SERIES, STUDY, sopOf } from "../../support/archive/study.ts";
import { temporaryFolder, tool } from "../../support/tools.ts";

const CT = { slices: 12, size: 16 };
const FILES = Array.from({ length: CT.slices }, (_, k) => ctFile(k, CT));
const PLACE = { study: STUDY, series: SERIES };
const SECRET = "Bearer not-to-be-seen";

let server: StandIn;
/** Milliseconds that were waited for; nobody waits here. */
let waited: number[] = [];
afterEach(() => server.close());

/** Addresses in the order in which they were asked for: they may arrive in another one. */
let sentTo: string[] = [];

const transport: ArchiveTransport = {
  send: (url, request) => {
    sentTo.push(url);
    return NODE_TRANSPORT.send(url, request);
  },
  wait: async (milliseconds) => void waited.push(milliseconds),
};

async function opened(how: Parameters<typeof standIn>[1] = {}): Promise<Archive> {
  server = await standIn(FILES, how);
  [waited, sentTo] = [[], []];
  return new Archive({ base: server.base, host: "the stand-in", authorization: SECRET }, transport);
}

const isInstance = (url: string | undefined, slice?: number) =>
  url?.includes(`/instances/${slice === undefined ? "" : sopOf(slice)}`) ?? false;
/** The instances that were asked for, as slices. */
const slicesAsked = () =>
  sentTo.flatMap((line) => {
    const sop = /\/instances\/(.+)$/.exec(line)?.[1];
    return sop ? [Number(sop.split(".").at(-1)) - 1] : [];
  });

describe("an archive that is busy", () => {
  it("is asked again after as long as its Retry-After says, in seconds or until a date", async () => {
    const archive = await opened();
    const said = [
      { "retry-after": "7" },
      { date: "Sun, 29 Nov 2026 03:00:00 GMT", "retry-after": "Sun, 29 Nov 2026 03:00:03 GMT" },
    ];
    server.fault = (_, response) => {
      const headers = said.shift();
      if (headers) response.writeHead(429, headers).end();
      return headers !== undefined;
    };
    expect((await archive.studies({}, 0, 25)).found).toHaveLength(1);
    expect(waited).toEqual([7000, 3000]);
  });

  it("is given up after six waits, with a sentence", async () => {
    const archive = await opened();
    server.fault = (_, response) => !!response.writeHead(429).end();
    const message =
      "the stand-in: it asks for fewer requests (429), and still does after every wait that it asked for; try again later.";
    await expect(archive.studies({}, 0, 25)).rejects.toMatchObject({ tag: "ArchiveBusy", message });
    expect(waited).toEqual([500, 1000, 2000, 4000, 8000, 16_000]);
  });

  it("is asked for six things at once and no more, what is shown first", async () => {
    const archive = await opened();
    const held: (() => void)[] = [];
    server.fault = (request) =>
      new Promise((resolve) => {
        if (isInstance(request.url)) held.push(() => resolve(false));
        else resolve(false);
      });
    const gets = Array.from({ length: 10 }, (_, k) => archive.instance({ ...PLACE, sop: sopOf(k) }));
    while (held.length < 6) await new Promise((turn) => setTimeout(turn, 5));
    gets.push(archive.instance({ ...PLACE, sop: sopOf(11) }, { urgent: true }));
    await new Promise((turn) => setTimeout(turn, 50));
    expect(held).toHaveLength(6);
    while (slicesAsked().length < 11) {
      held.shift()?.();
      await new Promise((turn) => setTimeout(turn, 5));
    }
    server.fault = null; // what arrives from now on is not held
    for (const release of held) release();
    await Promise.all(gets);
    expect(server.mostAtOnce()).toBe(6);
    expect(slicesAsked()[6]).toBe(11);
  });
});

describe("a connection", () => {
  it("that is cut once is made again, and nobody hears of it", async () => {
    const archive = await opened();
    await archive.studies({}, 0, 25);
    let cuts = 0;
    server.fault = (request, response) => {
      if (!isInstance(request.url) || ++cuts > 2) return false;
      response.writeHead(200, { "content-type": "application/dicom", "content-length": 5000 });
      response.write(Buffer.alloc(1000), () => response.destroy());
      return true;
    };
    expect(await archive.instance({ ...PLACE, sop: sopOf(0) })).toEqual(FILES[0]);
    expect(waited).toEqual([250, 1000]);
  });

  it("whose multipart answer lacks its end was cut, too", async () => {
    const archive = await opened();
    let cuts = 0;
    server.fault = (request, response) => {
      if (!isInstance(request.url) || ++cuts > 1) return false;
      response.writeHead(200, { "content-type": "multipart/related; boundary=edge" });
      response.end("--edge\r\nContent-Type: application/dicom\r\n\r\nhalf of it");
      return true;
    };
    expect(await archive.instance({ ...PLACE, sop: sopOf(0) })).toEqual(FILES[0]);
  });

  it("that ends with the server in the middle of a series is a sentence; what came stays, and the rest comes later", async () => {
    const archive = await opened();
    const { stack } = await openArchiveSeries(archive, PLACE);
    const before = await stack.slice(3);
    const port = Number(new URL(server.base).port);
    await server.close();
    await expect(stack.slice(9)).rejects.toMatchObject({
      tag: "ArchiveUnreachable",
      message: expect.stringMatching(/^the stand-in: nobody answers there \(ECONNREFUSED\); check the address/),
    });
    expect((await stack.slice(3)).values).toEqual(before.values);
    server = await standIn(FILES, { port });
    expect((await stack.slice(9)).geometry?.position[2]).toBe(18);
  });

  it("that trickles brings everything, byte by byte, and can be cancelled", async () => {
    const archive = await opened({ single: true });
    const [bytes] = FILES as [Uint8Array];
    server.fault = async (request, response) => {
      if (!isInstance(request.url)) return false;
      response.writeHead(200, { "content-type": "application/dicom", "content-length": bytes.length });
      for (let at = 0; at < bytes.length && !response.destroyed; at += 200) {
        response.write(bytes.subarray(at, at + 200));
        await new Promise((turn) => setTimeout(turn, 2));
      }
      response.end();
      return true;
    };
    let came = 0;
    const onBytes = (count: number) => {
      came += count;
    };
    expect(await archive.instance({ ...PLACE, sop: sopOf(0) }, { onBytes })).toEqual(bytes);
    expect(came).toBe(bytes.length);
    const stop = new AbortController();
    const cancelled = archive.instance(
      { ...PLACE, sop: sopOf(1) },
      { signal: stop.signal, onBytes: () => stop.abort() },
    );
    await expect(cancelled).rejects.toMatchObject({ tag: "Aborted" });
  });

  it("that the browser refuses without saying why names CORS and the way around it", async () => {
    await opened();
    const refuses: ArchiveTransport = { ...transport, send: () => Promise.reject(new TypeError("Failed to fetch")) };
    const archive = new Archive({ base: server.base, host: "pacs.example" }, refuses);
    const other = new Archive({ base: server.base, host: "idc.example", instead: "download it" }, refuses);
    await expect(other.studies({}, 0, 25)).rejects.toThrow(/\(CORS\); download it\.$/);
    await expect(archive.studies({}, 0, 25)).rejects.toMatchObject({
      tag: "ArchiveUnreachable",
      message:
        "pacs.example: the browser got no answer: nobody answers there, or the archive does not allow this page (CORS); " +
        "start the page with npm start -- --dicomweb ADDRESS, or have the archive allow this page's address.",
    });
  });

  const openssl = tool("openssl");
  it.skipIf(openssl === null)("under a certificate that nobody vouches for is refused by name", async () => {
    const folder = temporaryFolder();
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const words = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-days", "2"];
    execFileSync(openssl as string, [...words, "-subj", "/CN=127.0.0.1"], { stdio: "ignore" });
    const archive = await opened({ tls: { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") } });
    await expect(archive.studies({}, 0, 25)).rejects.toMatchObject({
      tag: "ArchiveUnreachable",
      message: expect.stringMatching(/its certificate is not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\)/),
    });
  });
});

describe("an answer", () => {
  it.each([
    [401, "ArchiveLogin", /the archive wants a login, or does not accept this one \(401\); log in\.$/],
    [403, "ArchiveLogin", /\(403\)/],
    [404, "ArchiveNotFound", /it does not have the search \(404\); search it again/],
    [400, "ArchiveAnswer", /it answered 400 to the search; check the address/],
    [500, "ArchiveAnswer", /it answered 500 to the search; try again, or ask whoever runs it/],
  ])("of %i is %s", async (status, tag, sentence) => {
    const archive = await opened();
    server.fault = (_, response) => !!response.writeHead(status).end();
    const error: Error = await archive.studies({}, 0, 25).catch((problem) => problem);
    expect(error).toMatchObject({ tag, message: expect.stringMatching(sentence) });
    expect(error.message).not.toContain("not-to-be-seen");
  });

  it("of 401 in the middle says that the login has ended, and what came stays", async () => {
    const archive = await opened();
    const { stack } = await openArchiveSeries(archive, PLACE);
    const before = await stack.slice(3);
    server.fault = (_, response) => !!response.writeHead(401).end();
    await expect(stack.slice(4)).rejects.toMatchObject({
      tag: "ArchiveLogin",
      message: "the stand-in: the login has ended (401); log in again; what has come is kept.",
    });
    expect((await stack.slice(3)).values).toEqual(before.values);
  });

  it("that is a web page is no list of studies", async () => {
    const archive = await opened();
    server.fault = (_, response) => !!response.writeHead(200, { "content-type": "text/html" }).end("<html>");
    await expect(archive.studies({}, 0, 25)).rejects.toMatchObject({
      tag: "ArchiveAnswer",
      message: expect.stringMatching(/it sent text\/html in the place of the search/),
    });
  });

  it("may be a single part", async () => {
    const archive = await opened({ single: true });
    expect(await archive.instance({ ...PLACE, sop: sopOf(5) })).toEqual(FILES[5]);
  });
});

describe("a series", () => {
  it("comes nearest slices first; a broken instance costs itself alone and may be tried again", async () => {
    const archive = await opened();
    const series = await openArchiveSeries(archive, PLACE);
    let broken = true;
    server.fault = (request, response) => {
      if (!broken || !isInstance(request.url, 7)) return false;
      response.writeHead(500).end();
      return true;
    };
    const all = Array.from({ length: CT.slices }, (_, k) => k);
    const done: number[] = [];
    const loaded = await loadNearestFirst(archive, series, all, {
      centre: () => 6,
      onProgress: (count) => done.push(count),
    });
    expect(loaded).toMatchObject({ failed: [7], left: 0, problem: { tag: "ArchiveAnswer" } });
    expect(done).toEqual(all.map((k) => k + 1));
    expect(slicesAsked().slice(0, 5).sort()).toEqual([4, 5, 6, 7, 8]);
    expect([...new Set(slicesAsked())].at(-1)).toBe(0); // slice 7 was tried twice more
    broken = false;
    expect((await series.stack.slice(7)).geometry?.position[2]).toBe(14);
  });

  it("with an instance whose bytes are broken says so of that one, and the others are there", async () => {
    const archive = await opened({ single: true });
    const { stack } = await openArchiveSeries(archive, PLACE);
    server.fault = (request, response) => {
      if (!isInstance(request.url, 4)) return false;
      const [first] = FILES as [Uint8Array];
      response.writeHead(200, { "content-type": "application/dicom" }).end(first.subarray(0, 1200));
      return true;
    };
    await expect(stack.slice(4)).rejects.toMatchObject({
      tag: "TruncatedFile",
      message: expect.stringMatching(/^Thin lung\/5\.dcm: its pixel data ends after \d+ of \d+ rows/),
    });
    expect((await stack.slice(5)).geometry?.position[2]).toBe(10);
    server.fault = null;
    expect((await stack.slice(4)).geometry?.position[2]).toBe(8); // the broken bytes are not held
  });

  it("with a broken instance that is asked for again at once is read again", async () => {
    const archive = await opened({ single: true });
    const { stack } = await openArchiveSeries(archive, PLACE);
    server.fault = (request, response) => {
      if (!isInstance(request.url, 4)) return false;
      response.writeHead(200, { "content-type": "application/dicom" }).end("no DICOM at all");
      return true;
    };
    await expect(stack.slice(4)).rejects.toMatchObject({ message: expect.stringMatching(/^Thin lung\/5\.dcm: /) });
    server.fault = null;
    expect((await stack.slice(4)).geometry?.position[2]).toBe(8);
  });

  it("pushes out what other series left, and stops where it would push out itself", async () => {
    await opened();
    const [{ length }] = FILES as [Uint8Array];
    const cache = new InstanceCache(8 * length);
    for (let k = 0; k < 8; k++) await cache.get(`of another series ${k}`, async () => new Uint8Array(length));
    const archive = new Archive({ base: server.base, host: "the stand-in" }, transport, cache);
    const series = await openArchiveSeries(archive, PLACE);
    const all = Array.from({ length: CT.slices }, (_, k) => k);
    const { left } = await loadNearestFirst(archive, series, all, { centre: () => 0 });
    const held = all.filter((k) => cache.has(sopOf(k)));
    expect(held).toEqual(all.slice(0, CT.slices - left)); // none that came was pushed out
    expect([left > 0, held.length > 4]).toEqual([true, true]);
  });

  it("stops where it is cancelled", async () => {
    const archive = await opened();
    const series = await openArchiveSeries(archive, PLACE);
    const stop = new AbortController();
    const loading = loadNearestFirst(archive, series, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], {
      centre: () => 0,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    await expect(loading).rejects.toMatchObject({ tag: "Aborted" });
    expect(slicesAsked().length).toBeLessThan(12);
  });
});

describe("what is sent", () => {
  it("is sent again where the connection was cut, and is there once", async () => {
    const archive = await opened();
    await archive.studies({}, 0, 25);
    let cuts = 0;
    server.fault = (request, response) => {
      if (request.method !== "POST" || ++cuts > 1) return false;
      response.destroy();
      return true;
    };
    const seg = idcSeg({ nodule: 1, reader: 1 }, CT);
    expect((await storeInArchive(archive, STUDY, [seg])).refused).toEqual([]);
    expect(server.asked.filter((line) => line.startsWith("POST"))).toHaveLength(2);
    expect(server.files.filter(({ bytes }) => bytes.length === seg.length)).toHaveLength(1);
  });
});
