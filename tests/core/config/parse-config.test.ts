import { describe, expect, it } from "vitest";
import { CHOICE_OF, parseConfig } from "../../../src/core/config/parse-config.ts";
import { bundledModels, modelFiles, tinyModels } from "../../support/golden.ts";

const { config } = modelFiles("tests/golden/tiny-general");

/** The tiny model's config with one field replaced, by path. */
function changed(path: string, value: unknown): unknown {
  const copy = JSON.parse(JSON.stringify(config));
  const keys = path.split(".");
  const last = keys.pop() as string;
  const parent = keys.reduce((node, key) => node[key], copy);
  parent[last] = value;
  return copy;
}

describe("parseConfig", () => {
  it("reads every config of the repository, and gives it back", () => {
    for (const folder of [...tinyModels(), ...bundledModels()]) {
      const read = modelFiles(folder).config;
      expect(parseConfig(JSON.parse(JSON.stringify(read)), folder)).toEqual(read);
    }
  });

  it.each([
    ["version", 2, "version is 2, this program reads version 1"],
    ["family", "gan", 'family is "gan", not "prob-unet" or "dropout-unet"'],
    ["choice", "head", 'choice is "head", not "z"'],
    ["architecture.latent", 1.5, "architecture.latent is 1.5, not a whole number"],
    ["architecture.latent", 0, "architecture.latent is 0"],
    ["architecture.channels", [4, 1e9], "architecture.channels[1] is 1000000000, not between 1 and 1024"],
    ["architecture.channels", [], "architecture.channels has 0 levels"],
    ["architecture.head.factor", 2, "architecture.head.factor is 2, not 0 or the latent size 3"],
    ["architecture.upsample", undefined, "architecture.upsample is missing"],
    ["architecture.pooling", "max", 'architecture.pooling is "max", not "average"'],
    ["threshold", 2, "threshold is 2, not between 0 and 1"],
    ["presenceLaw", { intercept: 0, slope: 1, draws: 128, slices: 9 }, "presenceLaw.concentration is missing"],
    [
      "presenceLaw",
      { intercept: 0, slope: 1, concentration: 0, draws: 128, slices: 9 },
      "presenceLaw.concentration is 0, not between",
    ],
    ["weights", [], "weights is empty"],
    ["weights.0.sha256", "abc", "weights[0].sha256 is not 64 hexadecimal digits"],
    ["weights.0.file", "../secret", "weights[0].file is not a plain file name"],
    ["weights.0.file", "..", "weights[0].file is not a plain file name"],
    ["weights.0.file", ".hidden", "weights[0].file is not a plain file name"],
  ])("names the field %s when it is %j", (path, value, problem) => {
    const parse = () => parseConfig(changed(path, value), "config.json");
    expect(parse).toThrow(`config.json: ${problem}`);
    expect(parse).toThrow(expect.objectContaining({ tag: "ModelConfig" }));
  });

  it.each([null, [], "text", 3])("refuses %j, which is no object", (json) => {
    expect(() => parseConfig(json, "config.json")).toThrow("not an object");
  });
});

/** Every bounded field of a network: the least and the most that is read, and what stands next to them. */
const BOUNDS: readonly (readonly [string, number, number, number])[] = [
  ["architecture.channels.0", 1, 1024, 1],
  ["architecture.convsPerBlock", 1, 8, 1],
  ["architecture.combHidden", 1, 8, 1],
  ["architecture.head.fields.0", 1, 64, 1],
  ["architecture.heads", 1, 256, 1],
  ["architecture.dropout", 0, 0.99, 0.005],
  ["preprocessing.size", 8, 1024, 1],
  ["threshold", 0, 1, 0.01],
  ["smallestPart", 0, 1000, 1],
  ["architecture.head.shift", 0, 2, 0.01],
  ["weights.0.bytes", 8, 2 ** 30, 1],
];

describe("the bounds of a network", () => {
  it.each(BOUNDS)("%s is at least %d and at most %d", (path, low, high, step) => {
    for (const fits of [low, high]) expect(() => parseConfig(changed(path, fits), "config.json")).not.toThrow();
    for (const odd of [low - step, high + step])
      expect(() => parseConfig(changed(path, odd), "config.json")).toThrow(/not between/);
  });

  it("z has up to 64 axes, and its factor one for each", () => {
    const axes = (latent: number) => {
      const copy = changed("architecture.latent", latent) as typeof config;
      return () =>
        parseConfig({ ...copy, architecture: { ...copy.architecture, head: headOf(latent) } }, "config.json");
    };
    const headOf = (factor: number) => ({ ...config.architecture.head, factor });
    expect(axes(64)).not.toThrow();
    expect(axes(65)).toThrow("latent is 65, not between 0 and 64");
  });

  it("it has one level to six", () => {
    const levels = (count: number) => () => parseConfig(changed("architecture.channels", Array(count).fill(2)), "a");
    for (const fits of [1, 6]) expect(levels(fits)).not.toThrow();
    expect(levels(7)).toThrow("architecture.channels has 7 levels, not 1 to 6");
  });

  it("a head linear in z is what Newton's posterior needs: a factor and no comb", () => {
    const { architecture } = config;
    const parse = (head: object) => () =>
      parseConfig(
        { ...config, architecture: { ...architecture, posterior: "newton", head: { ...architecture.head, ...head } } },
        "a",
      );
    const factor = architecture.latent;
    expect(parse({ comb: false, factor })).not.toThrow();
    for (const odd of [
      { comb: true, factor },
      { comb: false, factor: 0 },
    ])
      expect(parse(odd)).toThrow("architecture.posterior is newton, which needs a head linear in z");
  });

  it("only a head of the general kind has a gate and a shift", () => {
    const { architecture } = config;
    const parse = (family: string, head: object) => () =>
      parseConfig(
        {
          ...config,
          family,
          choice: CHOICE_OF[family as keyof typeof CHOICE_OF],
          architecture: { ...architecture, heads: 4, head: { ...architecture.head, ...head } },
        },
        "a",
      );
    for (const head of [{ presence: "gate" }, { shift: 0.6 }]) {
      expect(parse("prob-unet", head)).not.toThrow();
      expect(parse("m-heads", head)).toThrow("has a gate or a shift, which only the family prob-unet has");
    }
    expect(parse("m-heads", { presence: null, shift: 0 })).not.toThrow();
    expect(parse("prob-unet", { presence: "often" })).toThrow('head.presence is "often"');
  });

  it("a gate's own encoders have one to six levels, convolutions for each, and cells that fill the region", () => {
    const parse = (size: number, presence: "gate" | null, ...nets: readonly (readonly number[][])[]) => {
      const presenceNets = nets.map(([channels, convs]) => ({ channels, convs }));
      const head = { ...config.architecture.head, presence, presenceNets };
      const preprocessing = { ...config.preprocessing, size };
      return () => parseConfig({ ...config, preprocessing, architecture: { ...config.architecture, head } }, "a");
    };
    const [fits, skips] = [
      [
        [6, 16, 40],
        [1, 1, 2],
      ],
      [
        [1, 16],
        [0, 2],
      ],
    ] as const;
    expect(parse(128, "gate", fits as never, skips as never)).not.toThrow();
    expect(parse(128, null, fits as never)).toThrow("has presenceNets but no gate that would ask them");
    expect(parse(128, "gate", ...(Array(9).fill(fits) as never[]))).toThrow("presenceNets has 9 networks, not 0 to 8");
    expect(parse(128, "gate", [[], []])).toThrow("a presenceNet has 0 levels, not 1 to 6");
    expect(
      parse(128, "gate", [
        [6, 16, 40],
        [1, 1],
      ]),
    ).toThrow("a presenceNet has 3 channels for 2 convs");
    expect(
      parse(128, "gate", [
        [2, 16],
        [0, 2],
      ]),
    ).toThrow("level without convolutions has another number of channels");
    const five = [2, 2, 2, 2, 2];
    expect(parse(40, "gate", [five, five])).toThrow("preprocessing.size is 40, not a multiple of a presenceNet's 16");
  });

  it("M-Heads say how many, a Dropout U-Net how often", () => {
    const rival = (family: string, choice: string) => {
      const { heads: _heads, dropout: _dropout, ...architecture } = config.architecture;
      return () => parseConfig({ ...config, family, choice, architecture }, "a");
    };
    expect(rival("m-heads", "head")).toThrow("architecture.heads is missing");
    expect(rival("dropout-unet", "seed")).toThrow("architecture.dropout is missing");
    expect(rival("unet-ensemble", "member")).not.toThrow();
  });
});
