import { readFileSync } from "node:fs";
import { join } from "node:path";
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { openZip } from "../../../src/io/bytes/zip.ts";
import { python, runTool, temporaryFolder } from "../../support/tools.ts";

const text = (value: string) => new TextEncoder().encode(value);
const back = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const long = "0123456789".repeat(2000);

describe("zip", () => {
  it("lists entries without unpacking, leaves folders and Apple's extras out, and unpacks one when asked", async () => {
    const bytes = zipSync({ "a/b.txt": text(long), "__MACOSX/a": text("x"), "c.txt": [text("stored"), { level: 0 }] });
    const entries = openZip(bytes, "a.zip");
    expect(entries.map(({ name, size }) => [name, size])).toEqual([
      ["a/b.txt", 20_000],
      ["c.txt", 6],
    ]);
    expect(back(await entries[0]!.read())).toBe(long);
    expect(back(await entries[1]!.read())).toBe("stored");
    expect(back(entries[0]!.head(12))).toBe("012345678901");
  });

  it("streams an entry and stops when told", async () => {
    const [entry] = openZip(zipSync({ a: text(long) }), "a.zip");
    let length = 0;
    await entry!.stream((chunk) => {
      length += chunk.length;
      return length < 10;
    });
    expect(length).toBeGreaterThanOrEqual(10);
  });

  it("finds the directory behind a comment, and the first entry at any offset", () => {
    const plain = zipSync({ a: text("x") });
    const comment = text("a comment");
    const bytes = Uint8Array.from([...plain, ...comment]);
    new DataView(bytes.buffer).setUint16(plain.length - 2, comment.length, true);
    expect(openZip(bytes, "a.zip").length).toBe(1);
  });

  it("checks the checksum of an entry that is streamed, however little of it is wanted, and refuses a name that comes twice", async () => {
    for (const level of [0, 6] as const) {
      const sound = zipSync({ "a.txt": [text(long), { level }] });
      const central = Buffer.from(sound).lastIndexOf("PK\x01\x02");
      const seen: number[] = [];
      const [entry] = openZip(sound, "a.zip");
      await entry!.stream((chunk) => seen.push(chunk.length) < 0);
      expect(seen.length).toBe(1);
      sound[central + 16]! ^= 1;
      const [wrong] = openZip(sound, "a.zip");
      await expect(wrong!.stream(() => false)).rejects.toThrow("a.zip › a.txt: its checksum is wrong");
    }
    const twice = Buffer.from(zipSync({ "a.txt": text("x"), "b.txt": text("y") }));
    for (let at = twice.indexOf("b.txt"); at >= 0; at = twice.indexOf("b.txt", at)) twice.write("a.txt", at);
    expect(() => openZip(new Uint8Array(twice), "a.zip")).toThrow("it holds two entries named a.txt");
  });

  it("refuses wrong checksums, lies about sizes, encryption and cut files, naming the entry", async () => {
    const sound = zipSync({ "a.txt": [text("stored"), { level: 0 }] });
    const at = Buffer.from(sound).indexOf("stored");
    const flipped = Uint8Array.from(sound);
    flipped[at] = 0x53;
    await expect(openZip(flipped, "a.zip")[0]!.read()).rejects.toThrow("a.zip › a.txt: its checksum is wrong");

    const lying = zipSync({ "a.txt": text(long) });
    const central = Buffer.from(lying).lastIndexOf("PK\x01\x02");
    new DataView(lying.buffer).setUint32(central + 24, 100, true);
    await expect(openZip(lying, "a.zip")[0]!.read()).rejects.toThrow(/does not unpack to the 100 bytes/);

    const encrypted = zipSync({ "a.txt": text("x") });
    encrypted[Buffer.from(encrypted).lastIndexOf("PK\x01\x02") + 8]! |= 1;
    await expect(openZip(encrypted, "a.zip")[0]!.read()).rejects.toThrow(/encrypted/);

    expect(() => openZip(sound.subarray(0, sound.length - 10), "a.zip")).toThrow(/its end is missing/);
  });

  const interpreter = python(["zipfile"]);
  const folder = temporaryFolder();

  it.skipIf(!interpreter)("reads a zip64 with names in UTF-8, as Python writes it", async () => {
    const path = join(folder, "wide.zip");
    const program = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as z:
    with z.open("größe.txt", "w", force_zip64=True) as f: f.write(b"wide" * 1000)`;
    runTool(interpreter as string, ["-c", program, path]);
    const [entry] = openZip(new Uint8Array(readFileSync(path)), "wide.zip");
    expect(entry?.name).toBe("größe.txt");
    expect((await entry!.read()).length).toBe(4000);
  });
});
