import { describe, expect, it } from "vitest";
import { multipartOf, relatedParts } from "../../../src/io/dicomweb/multipart.ts";

const bytes = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));
const read = (text: string, type = "multipart/related; boundary=b") =>
  multipartOf(bytes(text), type)?.map((part) => [part.type, Buffer.from(part.bytes).toString("latin1")]) ?? null;

describe("an answer of several parts", () => {
  it("is cut at its boundaries, with each part's type", () => {
    const text =
      "--b\r\nContent-Type: application/dicom\r\n\r\none\r\n--b\r\ncontent-type: text/plain\r\n\r\n\r\ntwo\r\n--b--";
    expect(read(text)).toEqual([
      ["application/dicom", "one"],
      ["text/plain", "\r\ntwo"],
    ]);
  });

  it("may begin with a line of its own, quote its boundary and have parts without a header", () => {
    const type = 'multipart/related; type="application/dicom"; boundary="a b"';
    expect(read("hello\r\n--a b\r\n\r\none\r\n--a b--\r\n", type)).toEqual([["", "one"]]);
  });

  it("believes a part's length where a boundary follows it, so that bytes like a boundary are bytes", () => {
    const inside = "x\r\n--b\r\ny"; // 9 bytes
    expect(read(`--b\r\nContent-Length: 9\r\n\r\n${inside}\r\n--b--`)).toEqual([["", inside]]);
    expect(read("--b\r\nContent-Length: 3\r\n\r\nlonger\r\n--b--")).toEqual([["", "longer"]]);
  });

  it("is no answer where its end is missing, or its boundary", () => {
    expect(read("--b\r\nContent-Type: a/b\r\n\r\nhal")).toBeNull();
    expect(read("--b\r\nContent-Type: a/b\r\n\r\none\r\n--b")).toBeNull();
    expect(read("--b\r\nContent-Ty")).toBeNull();
    expect(read("", "multipart/related; boundary=b")).toBeNull();
    expect(read("--b--", "multipart/related")).toBeNull();
  });

  it("of one part is that part", () => {
    expect(read("one", "application/dicom")).toEqual([["application/dicom", "one"]]);
  });
});

describe("what is sent", () => {
  it("comes back as it was, also where it holds the boundary", () => {
    const files = [bytes("one"), bytes("\r\n--graderspace\r\ntwo")];
    const { type, bytes: body } = relatedParts(files, "application/dicom");
    expect(type).toBe('multipart/related; type="application/dicom"; boundary=graderspace-');
    expect(multipartOf(body, type)?.map((part) => [...part.bytes])).toEqual(files.map((file) => [...file]));
  });
});
