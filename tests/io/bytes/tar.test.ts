import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { looksLikeTar, openTar } from "../../../src/io/bytes/tar.ts";
import { tarBytes, tarEntry } from "../../support/tar-bytes.ts";
import { temporaryFolder, tool } from "../../support/tools.ts";

const text = (value: string) => new TextEncoder().encode(value);
const END = Buffer.alloc(1024);

async function listed(bytes: Uint8Array): Promise<[string, string][]> {
  const files = openTar(bytes, "a.tar");
  return Promise.all(
    files.map(async (one): Promise<[string, string]> => [one.name, Buffer.from(await one.read()).toString()]),
  );
}

function refused(bytes: Uint8Array): string {
  try {
    openTar(bytes, "a.tar");
    return "read";
  } catch (error) {
    return (error as Error).message;
  }
}

describe("a tar", () => {
  it("is its files, without folders, links and what a Mac adds", async () => {
    const bytes = Buffer.concat([
      tarEntry("s/", new Uint8Array(0), { kind: "5" }),
      tarEntry("s/link", new Uint8Array(0), { kind: "2" }),
      tarEntry("s/._a.txt", text("x")),
      tarEntry("./s/a.txt", text("one")),
      tarEntry("old", text("two"), { kind: "\0" }),
      END,
    ]);
    expect(looksLikeTar(bytes)).toBe(true);
    expect(await listed(bytes)).toEqual([
      ["s/a.txt", "one"],
      ["old", "two"],
    ]);
  });

  it("may end where its last file does", async () => {
    expect(await listed(tarEntry("a", text("one")))).toEqual([["a", "one"]]);
  });

  it("has long names in records of pax and of GNU, each for the next file alone", async () => {
    const long = "a/".repeat(80);
    const pax = `path=${long}é.txt\n`;
    const length = Buffer.byteLength(pax) + 4;
    const bytes = Buffer.concat([
      tarEntry("x", text(`${length} ${pax}`), { kind: "x" }),
      tarEntry("short", text("one")),
      tarEntry("second", text("two")),
      tarEntry("././@LongLink", text(`${long}g\0`), { kind: "L" }),
      tarEntry("short", text("three")),
      END,
    ]);
    expect(await listed(bytes)).toEqual([
      [`${long}é.txt`, "one"],
      ["second", "two"],
      [`${long}g`, "three"],
    ]);
  });

  it("that is broken is refused", () => {
    const whole = tarBytes({ a: text("one") });
    expect(refused(whole.subarray(0, 514))).toContain("it is cut short");
    expect(refused(tarBytes({ a: text("one") }, { size: "77777777777\0" }))).toContain("it is cut short");
    expect(refused(tarBytes({ a: text("one") }, { size: "0000000008\0\0" }))).toContain("no size");
    expect(refused(tarBytes({ a: text("one") }, { size: "\x80\0\0\0\0\0\0\0\0\0\0\x03" }))).toContain("no size");
    expect(refused(tarBytes({ a: text("one") }, { sum: "000001\0 " }))).toContain("checksum of an entry is wrong");
    expect(refused(Buffer.concat([tarEntry("a", text("1")), tarEntry("a", text("2"))]))).toContain(
      "two entries named a",
    );
    for (const record of ["99 path=a\n", "path=a\n", "5 a=b\n", "10 size=x9\n"]) {
      const broken = Buffer.concat([tarEntry("x", text(record), { kind: "x" }), tarEntry("a", text("1")), END]);
      expect(refused(broken)).toMatch(/record of its names is broken|no size that can be read/);
    }
  });

  const tar = tool("tar");
  it.skipIf(!tar).each(["ustar", "gnu", "posix", "oldgnu"])("as tar writes it in format %s is read", async (format) => {
    const folder = temporaryFolder();
    const long = `${"long".repeat(20)}/${"name".repeat(20)}.txt`;
    mkdirSync(join(folder, "s", "long".repeat(20)), { recursive: true });
    writeFileSync(join(folder, "s", long), "deep");
    writeFileSync(join(folder, "s/a.txt"), "one");
    execFileSync(tar as string, ["-C", folder, "--format", format, "--sort=name", "-cf", join(folder, "a.tar"), "s"]);
    expect(await listed(readFileSync(join(folder, "a.tar")))).toEqual([
      ["s/a.txt", "one"],
      [`s/${long}`, "deep"],
    ]);
  });
});
