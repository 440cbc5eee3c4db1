import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { openDicomImage } from "../../../src/io/dicom/image.ts";
import { openFile } from "../../../src/io/open/open.ts";
import { english } from "../../support/english.ts";
import { python, runTool, temporaryFolder } from "../../support/tools.ts";
import { SEED_SIZE, seedValues } from "../hostile/seed-values.ts";

const seed = (name: string) =>
  new Uint8Array(readFileSync(resolve(import.meta.dirname, `../hostile/seeds/${name}.dcm`)));
async function openJpeg(bytes: Uint8Array, name: string) {
  const opened = await openFile({ name, bytes });
  if (opened.kind !== "image") throw new Error(`it is ${opened.kind}`);
  return opened.stack;
}

/** The JPEG stream inside a DICOM file. */
function stream(): Uint8Array {
  const dicom = seed("jpeg-baseline");
  return dicom.subarray(Buffer.from(dicom).indexOf(Buffer.from([0xff, 0xd8, 0xff])));
}

describe("compressed pictures, without any tool", () => {
  it.each(["rle", "jpeg-2000", "jpeg-ls", "jpeg-lossless"])("%s has the values it was made from", async (name) => {
    const { values, width, height } = await (await openDicomImage(seed(name), name)).slice(0);
    expect([width, height]).toEqual([...SEED_SIZE]);
    expect([...values]).toEqual(seedValues(16));
  });

  it("8-bit JPEG is near them", async () => {
    const { values } = await (await openDicomImage(seed("jpeg-baseline"), "b")).slice(0);
    const off = seedValues(8).map((value, i) => Math.abs(value - (values[i] as number)));
    // Quality 90 with noise of 16 levels.
    expect(Math.max(...off)).toBeLessThan(20);
  });

  it.each(["rle", "jpeg-2000", "jpeg-ls", "jpeg-lossless", "jpeg-baseline"])(
    "%s cut short is refused",
    async (name) => {
      const bytes = seed(name);
      const stack = openDicomImage(bytes.subarray(0, bytes.length - 300), name).then((opened) => opened.slice(0));
      await expect(stack).rejects.toMatchObject({ tag: "TruncatedFile" });
    },
  );

  it.each(["jpeg-2000", "jpeg-ls", "jpeg-lossless", "jpeg-baseline"])(
    "%s goes on working after a broken one",
    async (name) => {
      const broken = seed(name);
      broken.fill(0x55, broken.length - 200, broken.length - 20);
      await (await openDicomImage(broken, "broken")).slice(0).catch(() => undefined);
      const { values } = await (await openDicomImage(seed(name), name)).slice(0);
      expect(values.length).toBe(SEED_SIZE[0] * SEED_SIZE[1]);
    },
  );
});

describe("JPEG files", () => {
  it("are stored units with a word about their loss", async () => {
    const stack = await openJpeg(stream(), "a.jpg");
    expect(await stack.slice(0)).toMatchObject({ width: 40, height: 28, unit: "stored", spacingMm: null });
    expect(english(stack.notes).join()).toContain("JPEG has thrown detail away");
  });

  it("are refused where cut or not there", async () => {
    await expect(openJpeg(stream().subarray(0, 30), "a.jpg")).rejects.toMatchObject({ tag: "DamagedFile" });
  });
});

const pillow = python(["PIL", "numpy"]);
const folder = temporaryFolder();

describe.skipIf(!pillow)("against Pillow", () => {
  const program = `
import sys, json, numpy
from PIL import Image
a = (numpy.add.outer(numpy.arange(40) * 3, numpy.arange(61) * 2) % 256).astype("u1")
out = {}
for name, image, more in (("grey", Image.fromarray(a), {}), ("progressive", Image.fromarray(a), {"progressive": True}),
                          ("rgb", Image.fromarray(numpy.stack([a] * 3, -1)), {}),
                          ("colour", Image.fromarray(numpy.stack([a, a // 2, a], -1)), {}),
                          ("cmyk", Image.fromarray(numpy.stack([a] * 4, -1), "CMYK"), {})):
    path = f"{sys.argv[1]}/{name}.jpg"
    image.save(path, quality=95, **more)
    b = numpy.asarray(Image.open(path)).astype("i4")
    out[name] = (b[..., 0] if b.ndim == 3 else b).ravel().tolist()
print(json.dumps(out))`;

  it("grey, progressive and grey in RGB have its pixels; colours are refused", async () => {
    const expected = JSON.parse(runTool(pillow as string, ["-c", program, folder]).toString()) as Record<
      string,
      number[]
    >;
    const open = (name: string) => openJpeg(new Uint8Array(readFileSync(join(folder, `${name}.jpg`))), `${name}.jpg`);
    for (const name of ["grey", "progressive", "rgb"]) {
      expect([...(await (await open(name)).slice(0)).values], name).toEqual(expected[name]);
    }
    for (const name of ["colour", "cmyk"]) await expect(open(name)).rejects.toThrow(/colour/);
  });
});
