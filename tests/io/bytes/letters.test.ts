import { expect, test } from "vitest";
import { leadingText, startsWith } from "../../../src/io/bytes/letters.ts";

const bytes = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

test("letters stand where they are asked for, and nowhere behind the end", () => {
  expect(startsWith(bytes("\x89PNG"), "\x89PN")).toBe(true);
  expect(startsWith(bytes("abDICM"), "DICM", 2)).toBe(true);
  expect(startsWith(bytes("ab"), "abc")).toBe(false);
  for (const other of ["xbc", "axc", "abx"]) expect(startsWith(bytes(other), "abc")).toBe(false);
});

test("a text's marks and leading white space are passed over, in UTF-8 and UTF-16", () => {
  expect(leadingText(bytes("\xef\xbb\xbf\n <a>"))).toBe("<a>");
  expect(leadingText(bytes("\xff\xfe \0{\0"))).toBe("{");
  expect(leadingText(bytes("\xfe\xff\0{"))).toBe("{");
});
