import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { DicomDataset } from "../../../src/io/dicom/dataset/dataset.ts";
import { openDicom } from "../../../src/io/dicom/file.ts";
import { encapsulatedFrames } from "../../../src/io/dicom/frames.ts";
import { multipartOf } from "../../../src/io/dicomweb/multipart.ts";

/** What a stand-in does with one request in the place of an answer, or before it; undefined: answers. */
export type Fault = (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;

export interface StandIn {
  /** Base address of its DICOMweb service. */
  readonly base: string;
  /** Method and path of every request, in the order in which they came. */
  readonly asked: string[];
  /** Bodies' bytes that were sent. */
  sent(): number;
  /** Most requests that were under way at once. */
  mostAtOnce(): number;
  /** Set: asked first, and answers in its place where it says true. */
  fault: Fault | null;
  /** Headers of every answer. */
  headers: Record<string, string>;
  readonly files: readonly { readonly sop: string; readonly bytes: Uint8Array }[];
  close(): Promise<void>;
}

interface Held {
  readonly dataset: DicomDataset;
  readonly syntax: string;
  readonly bytes: Uint8Array;
  readonly sop: string;
  readonly series: string;
  readonly study: string;
}

/**
 * An archive that answers as QIDO-RS, WADO-RS and STOW-RS do, out of memory, on 127.0.0.1. `single`: an instance comes as a
 * single part. `tls`: key and certificate.
 */
export async function standIn(
  given: readonly Uint8Array[],
  { single = false, tls, port = 0 }: { single?: boolean; tls?: { key: string; cert: string }; port?: number } = {},
): Promise<StandIn> {
  const held = new Map<string, Held>();
  const take = async (bytes: Uint8Array): Promise<Held> => {
    const { dataset, syntax } = await openDicom(bytes, "sent.dcm");
    const [sop, series, study] = [0x00080018, 0x0020000e, 0x0020000d].map((tag) => dataset.text(tag) ?? "");
    const one = { dataset, syntax, bytes, sop: sop as string, series: series as string, study: study as string };
    held.set(one.sop, one);
    return one;
  };
  for (const bytes of given) await take(bytes);
  const asked: string[] = [];
  let [sent, under, most] = [0, 0, 0];
  const self: StandIn = {
    base: "",
    asked,
    sent: () => sent,
    mostAtOnce: () => most,
    fault: null,
    headers: {},
    get files() {
      return [...held.values()];
    },
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
  const reply = (response: ServerResponse, status: number, type: string, body: Uint8Array | string) => {
    const bytes = Buffer.from(body as string);
    sent += bytes.length;
    response.writeHead(status, { ...self.headers, "content-type": type, "content-length": bytes.length }).end(bytes);
  };
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? "/", "http://host");
    asked.push(`${request.method} ${url.pathname}${url.search}`);
    if (self.fault && (await self.fault(request, response))) return;
    if (request.method === "OPTIONS") return void response.writeHead(204, self.headers).end();
    const json = (list: unknown) => reply(response, 200, "application/dicom+json", JSON.stringify(list));
    const path = url.pathname.replace(/^\/dicom-web/, "");
    if (request.method === "POST") return store(request, json, take);
    const [, study, , series, , sop, inside] =
      /^\/studies(?:\/([^/]+)(\/series(?:\/([^/]+)(\/instances\/([^/]+)(\/(?:frames|bulk)\/.+)?|\/metadata)?)?)?)?$/.exec(
        path,
      ) ?? [];
    const all = [...held.values()];
    if (study === undefined) return json(studiesOf(all, url.searchParams));
    const inStudy = all.filter((one) => one.study === study);
    if (inStudy.length === 0) return reply(response, 404, "text/plain", "no such study");
    if (series === undefined) return json(seriesOf(inStudy));
    const inSeries = inStudy.filter((one) => one.series === series);
    const found = inSeries.find((one) => one.sop === sop);
    if (inSeries.length === 0 || (sop !== undefined && !found)) return reply(response, 404, "text/plain", "not here");
    if (!found) return json(inSeries.map((one) => jsonOf(one.dataset, bulkOf(one))));
    const part = inside === undefined ? found.bytes : await insideOf(found.bytes, inside);
    if (!part) return reply(response, 404, "text/plain", "no such frame, no such element");
    const kind = inside === undefined ? "application/dicom" : mediaOf(inside, found.syntax);
    const type = `${kind}; transfer-syntax=${found.syntax}`;
    if (single) return reply(response, 200, type, part);
    const head = Buffer.from(`\r\n--edge\r\nContent-Type: ${type}\r\n\r\n`);
    const body = Buffer.concat([head, part, Buffer.from("\r\n--edge--\r\n")]);
    return reply(response, 200, `multipart/related; type="${kind}"; boundary=edge`, body);
  };
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    most = Math.max(most, ++under);
    response.on("close", () => under--);
    void answer(request, response);
  };
  const server = tls ? createSecureServer(tls, listener) : createServer(listener);
  await new Promise<void>((listening) => server.listen(port, "127.0.0.1", listening));
  const { port: bound } = server.address() as AddressInfo;
  return Object.assign(self, { base: `${tls ? "https" : "http"}://127.0.0.1:${bound}/dicom-web` });
}

async function store(
  request: IncomingMessage,
  json: (list: unknown) => void,
  take: (bytes: Uint8Array) => Promise<{ readonly sop: string }>,
): Promise<void> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const parts = multipartOf(new Uint8Array(Buffer.concat(chunks)), request.headers["content-type"] ?? "") ?? [];
  const stored: unknown[] = [];
  for (const { bytes } of parts) {
    const { sop } = await take(new Uint8Array(bytes));
    stored.push({ "00081155": { vr: "UI", Value: [sop] } });
  }
  json({ "00081199": { vr: "SQ", Value: stored } });
}

/** One line a study, as many as are asked for. */
function studiesOf(all: readonly Held[], query: URLSearchParams): unknown[] {
  const wanted = (tag: number, name: string) => {
    const word = query.get(name)?.replaceAll("*", "").toLowerCase();
    return (one: Held) => !word || (one.dataset.text(tag) ?? "").toLowerCase().replaceAll("^", " ").includes(word);
  };
  const filters = [
    wanted(0x00100010, "PatientName"),
    wanted(0x00100020, "PatientID"),
    wanted(0x0020000d, "StudyInstanceUID"),
  ];
  const firsts = new Map<string, Held>();
  for (const one of all)
    if (filters.every((agrees) => agrees(one)) && !firsts.has(one.study)) firsts.set(one.study, one);
  const offset = Number(query.get("offset") ?? 0);
  return [...firsts.values()].slice(offset, offset + Number(query.get("limit") ?? 1000)).map(({ dataset, study }) => ({
    ...only(dataset, [0x00080020, 0x00081030, 0x00100010, 0x00100020, 0x0020000d]),
    "00080061": {
      vr: "CS",
      Value: [...new Set(all.filter((one) => one.study === study).map((one) => one.dataset.text(0x00080060)))],
    },
    "00201208": { vr: "IS", Value: [all.filter((one) => one.study === study).length] },
  }));
}

function seriesOf(all: readonly Held[]): unknown[] {
  const firsts = new Map<string, Held>();
  for (const one of all) if (!firsts.has(one.series)) firsts.set(one.series, one);
  return [...firsts.values()].map(({ dataset, series }) => ({
    ...only(dataset, [0x00080060, 0x0008103e, 0x0020000d, 0x0020000e, 0x00200011]),
    "00201209": { vr: "IS", Value: [all.filter((one) => one.series === series).length] },
  }));
}

function only(dataset: DicomDataset, tags: readonly number[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(jsonOf(dataset)).filter(([tag]) => tags.includes(Number.parseInt(tag, 16))));
}

/** What an archive calls itself is not always where it is asked. */
function bulkOf({ study, series, sop }: Held): string {
  return `http://inside.example/dicom-web/studies/${study}/series/${series}/instances/${sop}/bulk`;
}

/** `/frames/3`, `/bulk/00283000/1/00283006`: the bytes of a frame, from 1, or of an element in a sequence's item, from 1. */
async function insideOf(bytes: Uint8Array, inside: string): Promise<Uint8Array | null> {
  const file = await openDicom(bytes, "held.dcm");
  const words = inside.split("/").slice(2);
  if (inside.startsWith("/frames")) {
    const frame = Number(words[0]) - 1;
    const element = file.dataset.elements.get(0x7fe00010);
    if (!element) return null;
    const count = file.dataset.decimal(0x00280008) ?? 1;
    if (element.undefinedLength) return encapsulatedFrames(file, element, count).frames[frame]?.bytes ?? null;
    const length = element.length / count;
    return file.dataset.raw(0x7fe00010)?.subarray(frame * length, (frame + 1) * length) ?? null;
  }
  let at: DicomDataset | undefined = file.dataset;
  for (let i = 0; i + 2 < words.length; i += 2) {
    at = at?.items(Number.parseInt(words[i] as string, 16))[Number(words[i + 1]) - 1];
  }
  return at?.raw(Number.parseInt(words.at(-1) as string, 16)) ?? null;
}

function mediaOf(inside: string, syntax: string): string {
  if (inside.startsWith("/frames") && syntax.startsWith("1.2.840.10008.1.2.4.8")) return "image/jls";
  return "application/octet-stream";
}

/** The DICOM JSON model (PS3.18 annex F); bytes are left out, as an archive refers to them: below `bulk`. */
function jsonOf(dataset: DicomDataset, bulk = "bulk"): Record<string, unknown> {
  const rows: [string, unknown][] = [];
  for (const [tag, { vr, items }] of dataset.elements) {
    const key = tag.toString(16).padStart(8, "0").toUpperCase();
    if (items) rows.push([key, { vr, Value: items.map((one, i) => jsonOf(one, `${bulk}/${key}/${i + 1}`)) }]);
    else if (/^(OB|OW|UN)$/.test(vr)) rows.push([key, { vr, BulkDataURI: `${bulk}/${key}` }]);
    else if (vr === "PN") rows.push([key, { vr, Value: dataset.texts(tag).map((Alphabetic) => ({ Alphabetic })) }]);
    else if (/^(US|UL|SS|SL)$/.test(vr)) rows.push([key, { vr, Value: dataset.integers(tag) }]);
    else if (/^(DS|IS|FL|FD)$/.test(vr)) rows.push([key, { vr, Value: dataset.decimals(tag) }]);
    else rows.push([key, { vr, Value: dataset.texts(tag) }]);
  }
  return Object.fromEntries(rows);
}
