import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { NODE_TRANSPORT } from "../../../src/cli/archive/node-transport.ts";
import { openDicomImage } from "../../../src/io/dicom/image.ts";
import { dicomSourceOf } from "../../../src/io/dicom/source.ts";
import { Archive } from "../../../src/io/dicomweb/archive.ts";
import { loadNearestFirst } from "../../../src/io/dicomweb/nearest-first.ts";
import { openArchiveSeries } from "../../../src/io/dicomweb/series-stack.ts";
import { storeInArchive } from "../../../src/io/dicomweb/store.ts";
import { ENHANCED_CT, MULTI_FRAME, multiFrameFile, storedAt } from "../../support/archive/multi-frame.ts";
import { hasOrthanc, startOrthanc } from "../../support/archive/orthanc.ts";
import { type StandIn, standIn } from "../../support/archive/stand-in.ts";
import { temporaryFolder, tool } from "../../support/tools.ts";

const KIND = { frames: 9, size: 24 };
const folder = temporaryFolder();
let server: StandIn | null = null;
afterEach(() => server?.close());

async function opened(bytes: Uint8Array, how: Parameters<typeof standIn>[1] = {}) {
  server = await standIn([bytes], how);
  const archive = new Archive({ base: server.base, host: "stand-in" }, NODE_TRANSPORT);
  return { archive, series: await openArchiveSeries(archive, MULTI_FRAME) };
}
/** HU of frame k. */
const hounsfield = (k: number) =>
  Float32Array.from({ length: 24 * 24 }, (_, i) => storedAt(i % 24, Math.floor(i / 24), k) - 1024);
/** What was asked for below the instance, in order. */
const asked = () => server?.asked.flatMap((line) => /\/instances\/[^/]+(.*)$/.exec(line)?.[1] ?? []);

describe("an instance of several frames", () => {
  it.each([
    ["several parts", false],
    ["a single part", true],
  ])("comes frame by frame, each at its place, in answers of %s", async (_, single) => {
    const { series } = await opened(multiFrameFile(KIND), { single });
    const { stack } = series;
    expect(asked()).toEqual([]); // its metadata alone
    expect([stack.frames, stack.start, stack.label(6)]).toEqual([9, 4, "7 of 9 · z 15.0 mm"]);
    const slice = await stack.slice(6);
    expect(asked()).toEqual(["/frames/7"]);
    expect(slice.values).toEqual(hounsfield(6));
    expect([slice.unit, slice.spacingMm, slice.geometry?.position]).toEqual(["HU", [0.7, 0.7], [-90, -80, 15]]);
    expect(stack.place(6)).toMatchObject({ sopInstanceUid: MULTI_FRAME.sop, frame: 6 });
  });

  it("is loaded nearest frames first, each once", async () => {
    const { archive, series } = await opened(multiFrameFile(KIND));
    await series.stack.slice(4);
    const frames = Array.from({ length: 9 }, (_, k) => k);
    const loaded = await loadNearestFirst(archive, series, frames, { centre: () => 4 });
    expect(loaded).toMatchObject({ failed: [], left: 0 });
    expect(asked()?.slice(0, 3)).toEqual(["/frames/5", "/frames/4", "/frames/6"]);
    expect([...new Set(asked())]).toHaveLength(9);
    expect(asked()).toHaveLength(9);
    await series.stack.slice(8);
    expect(asked()).toHaveLength(9);
  });

  it("comes as a whole, once, from an archive that gives no single frames", async () => {
    const { series } = await opened(multiFrameFile(KIND));
    server!.fault = ({ url }, response) => {
      if (!url?.includes("/frames/")) return false;
      response.writeHead(406).end();
      return true;
    };
    expect((await series.stack.slice(2)).values).toEqual(hounsfield(2));
    expect((await series.stack.slice(3)).values).toEqual(hounsfield(3));
    expect(asked()).toEqual(["/frames/3", ""]);
  });

  it("asks again for a frame that came broken", async () => {
    const { series } = await opened(multiFrameFile(KIND), { single: true });
    server!.fault = (_, response) => !!response.writeHead(200, { "content-type": "image/jls" }).end("no picture");
    await expect(series.stack.slice(2)).rejects.toThrow(/Enhanced/);
    server!.fault = null;
    expect((await series.stack.slice(2)).values).toEqual(hounsfield(2));
  });

  it("that is busy or wants a login is not asked for the whole instance instead", async () => {
    const { series } = await opened(multiFrameFile(KIND));
    server!.fault = (_, response) => !!response.writeHead(401).end();
    await expect(series.stack.slice(2)).rejects.toMatchObject({ tag: "ArchiveLogin" });
    expect(asked()).toEqual(["/frames/3"]);
  });

  it("says of itself what its file says: patient, class and frame, for what is written about it", async () => {
    const { series } = await opened(multiFrameFile(KIND));
    const origin = await series.stack.origin(6);
    if (origin.kind !== "dicom") throw new Error(origin.kind);
    const source = dicomSourceOf(origin.dataset, origin.frame, origin.frames, "it");
    expect([source.sopClassUid, source.sopInstanceUid, source.frame]).toEqual([ENHANCED_CT, MULTI_FRAME.sop, 6]);
    const name = new TextDecoder().decode(source.copied.get(0x00100010)?.value);
    expect(name.trim()).toBe("MÜLLER^RENÉ=山田^太郎");
  });

  it("has bulk data that its metadata refer to, asked for at the archive's own address", async () => {
    const { series } = await opened(multiFrameFile({ ...KIND, lut: true }));
    expect(asked()).toEqual(["/bulk/00283000/1/00283006"]);
    expect((await series.stack.slice(1)).values).toEqual(
      Float32Array.from({ length: 24 * 24 }, (_, i) => 2 * storedAt(i % 24, Math.floor(i / 24), 1)),
    );
  });

  const gdcmconv = tool("gdcmconv");
  const packed = (word: string): Uint8Array => {
    const [from, to] = [join(folder, "plain.dcm"), join(folder, `${word}.dcm`)];
    writeFileSync(from, multiFrameFile(KIND));
    execFileSync(gdcmconv as string, [word, from, to]);
    return new Uint8Array(readFileSync(to));
  };
  it.skipIf(!gdcmconv).each(["--jpegls", "--j2k", "--rle", "--jpeg"])(
    "has compressed frames (%s) that are the file's",
    async (word) => {
      const { series } = await opened(packed(word));
      expect((await series.stack.slice(7)).values).toEqual(hounsfield(7));
      expect(asked()).toEqual(["/frames/8"]);
    },
  );

  it.skipIf(!hasOrthanc())("comes frame by frame from Orthanc too", async () => {
    const orthanc = await startOrthanc();
    try {
      const archive = new Archive({ base: orthanc.base, host: "orthanc" }, NODE_TRANSPORT);
      expect((await storeInArchive(archive, MULTI_FRAME.study, [multiFrameFile(KIND)])).refused).toEqual([]);
      const { stack } = await openArchiveSeries(archive, MULTI_FRAME);
      const whole = await openDicomImage(multiFrameFile(KIND), "whole");
      for (const k of [0, 5, 8]) {
        const [mine, theirs] = [await stack.slice(k), await whole.slice(k)];
        expect(mine).toEqual({ ...theirs, name: "Enhanced" });
      }
    } finally {
      await orthanc.close();
    }
  });
});
