import { describe, expect, it } from "vitest";
import { readCsv } from "../../../src/cli/lesion/read-csv.ts";

describe("reading a table", () => {
  it("names each row's cells by the header", () => {
    expect(readCsv("a,b\n1,2\n3,\n")).toEqual([
      { a: "1", b: "2" },
      { a: "3", b: "" },
    ]);
  });

  it("keeps commas, quotes and line ends inside quotes", () => {
    expect(readCsv('a,b\r\n"1,5","say ""hi""\nthere"\r\n')).toEqual([{ a: "1,5", b: 'say "hi"\nthere' }]);
  });

  it("gives a missing cell as empty and skips an empty line", () => {
    expect(readCsv("a,b\n1\n\n")).toEqual([{ a: "1", b: "" }]);
    expect(readCsv("")).toEqual([]);
  });
});
