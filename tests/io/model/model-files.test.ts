import { describe, expect, it } from "vitest";
import type { SourceFile } from "../../../src/io/bytes/source-file.ts";
import { looksLikeModel, readOwnModel } from "../../../src/io/model/model-files.ts";

const file = (name: string, bytes: Uint8Array, size = bytes.length): SourceFile => ({
  name,
  size,
  read: async () => bytes,
});
const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const config = (...names: string[]) => json({ name: "mine", weights: names.map((name) => ({ file: name })) });

describe("a model of one's own", () => {
  it("is told by its weights", () => {
    expect(looksLikeModel([file("a/W.SafeTensors", new Uint8Array(1))])).toBe(true);
    expect(looksLikeModel([file("net.onnx", new Uint8Array(1))])).toBe(true);
    expect(looksLikeModel([file("config.json", config("w"))])).toBe(false);
  });

  it("has its weights in the order of its config, and its folder's name, else its own", async () => {
    const [a, b] = [Uint8Array.of(1), Uint8Array.of(2)];
    const files = [
      file("dir/a.safetensors", a),
      file("dir/b.safetensors", b),
      file("dir/config.json", config("b.safetensors", "a.safetensors")),
    ];
    expect(await readOwnModel(files, "x.zip")).toMatchObject({ name: "dir", weights: [b, a] });
    const loose = [file("config.json", config("w.safetensors")), file("w.safetensors", a)];
    expect((await readOwnModel(loose, "x.zip")).name).toBe("mine");
  });

  it("takes one lone file of weights under any name", async () => {
    const files = [file("config.json", config("weights.safetensors")), file("renamed.safetensors", Uint8Array.of(7))];
    expect((await readOwnModel(files, "x")).weights).toEqual([Uint8Array.of(7)]);
  });

  it.each<[string, SourceFile[]]>([
    ["its config.json is not with it", [file("w.safetensors", new Uint8Array(1))]],
    ["it is not JSON", [file("config.json", Uint8Array.of(1))]],
    ["it is over 1 MiB", [file("config.json", json({}), (1 << 20) + 1)]],
    ["it does not list its files of weights", [file("config.json", json({ weights: [] }))]],
    ["it names the weights w.safetensors, which are not with it", [file("config.json", config("w.safetensors"))]],
    [
      "its weights take 513 MiB",
      [file("config.json", config("w.safetensors")), file("w.safetensors", new Uint8Array(1), (512 << 20) + 1)],
    ],
  ])("is refused where %s", async (problem, files) => {
    await expect(readOwnModel(files, "x")).rejects.toThrow(problem);
  });
});
