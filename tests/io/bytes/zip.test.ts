import { readFileSync } from "node:fs";
import { join } from "node:path";
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { concat } from "../../../src/io/bytes/concat.ts";
import { crc32 } from "../../../src/io/bytes/crc32.ts";
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

  it("finds a 64-bit directory by its own end record, whatever extra fields and comments stand between its entries", async () => {
    // two entries, stored, with an extra field of 4 bytes and a comment each (APPNOTE 4.3.12, 4.3.14, 4.3.15)
    const parts: Uint8Array[] = [];
    const length = () => parts.reduce((sum, { length: bytes }) => sum + bytes, 0);
    const record = (
      bytes: number,
      fields: readonly (readonly [number, number, 2 | 4 | 8])[],
      ...tail: Uint8Array[]
    ) => {
      const view = new DataView(new ArrayBuffer(bytes));
      for (const [at, value, size] of fields) {
        if (size === 2) view.setUint16(at, value, true);
        else if (size === 4) view.setUint32(at, value, true);
        else view.setBigUint64(at, BigInt(value), true);
      }
      parts.push(new Uint8Array(view.buffer), ...tail);
    };
    const files = [
      { name: text("a"), bytes: text("first"), comment: text("of an entry"), at: 0 },
      { name: text("bb"), bytes: text("second"), comment: text(""), at: 0 },
    ];
    for (const file of files) {
      file.at = length();
      const sizes = [
        [18, file.bytes.length, 4],
        [22, file.bytes.length, 4],
        [26, file.name.length, 2],
      ] as const;
      record(30, [[0, 0x04034b50, 4], [14, crc32(file.bytes), 4], ...sizes], file.name, file.bytes);
    }
    const start = length();
    const extra = Uint8Array.of(0x99, 0x99, 0, 0); // a field of a kind that nobody knows, of no bytes
    for (const { name, bytes, comment, at } of files) {
      const sizes = [
        [16, crc32(bytes), 4],
        [20, bytes.length, 4],
        [24, bytes.length, 4],
      ] as const;
      const lengths = [
        [28, name.length, 2],
        [30, extra.length, 2],
        [32, comment.length, 2],
        [42, at, 4],
      ] as const;
      record(46, [[0, 0x02014b50, 4], ...sizes, ...lengths], name, extra, comment);
    }
    const end64 = length();
    record(56, [
      [0, 0x06064b50, 4],
      [4, 44, 8],
      [24, 2, 8],
      [32, 2, 8],
      [40, end64 - start, 8],
      [48, start, 8],
    ]);
    record(20, [
      [0, 0x07064b50, 4],
      [8, end64, 8],
      [16, 1, 4],
    ]);
    record(22, [
      [0, 0x06054b50, 4],
      [8, 0xffff, 2],
      [10, 0xffff, 2],
      [12, 0xffffffff, 4],
      [16, 0xffffffff, 4],
    ]);
    const zip = concat(Uint8Array, parts);
    const entries = openZip(zip, "big.zip");
    expect(entries.map(({ name }) => name)).toEqual(["a", "bb"]);
    expect(await Promise.all(entries.map(async (entry) => back(await entry.read())))).toEqual(["first", "second"]);
    const broken = zip.slice();
    broken[end64] = 0;
    expect(() => openZip(broken, "big.zip")).toThrow("its 64-bit directory is broken");
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
