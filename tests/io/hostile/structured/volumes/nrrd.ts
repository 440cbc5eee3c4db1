import { deflateSync, gzipSync } from "node:zlib";
import { zipBytes } from "../documents/zip-seed.ts";
import {
  ascii,
  between,
  image,
  kindsOf,
  NO_LENGTHS,
  NO_NUMBERS,
  type Picture,
  pick,
  type Roll,
  refused,
  shuffled,
  words,
} from "../mutant.ts";
import { axialFrames, changing, type VolumeChange } from "./changed-volume.ts";
import { FLOAT, raw, TYPES, type Type, valuesOf, volumeOf } from "./numbers.ts";

type Lines = Readonly<Record<string, string>>;

interface Seed extends ReturnType<typeof volumeOf> {
  readonly type: Type;
  readonly little: boolean;
  readonly lines: Lines;
  readonly values: readonly number[];
  readonly frames: readonly Picture[];
}

function seedOf(roll: Roll, type = pick(roll, TYPES)): Seed {
  const { size, mm, start } = volumeOf(roll);
  const little = roll(2) === 0;
  const values = valuesOf(roll, type, size[0] * size[1] * size[2]);
  const lines: Lines = {
    type: pick(roll, type.nrrd),
    dimension: "3",
    sizes: size.join(" "),
    space: "left-posterior-superior",
    "space directions": `(${mm[0]},0,0) (0,${mm[1]},0) (0,0,${mm[2]})`,
    kinds: "domain domain domain",
    "space origin": `(${start.join(",")})`,
    endian: little ? "little" : "big",
    encoding: "raw",
  };
  const frames = axialFrames({ size, mm, start }, values);
  return { size, mm, start, type, little, lines, values, frames };
}

interface Change extends VolumeChange {
  /** Fields set; null: left out. */
  readonly set?: Readonly<Record<string, string | null>>;
  /** Lines as they are, behind the fields. */
  readonly extra?: readonly string[];
  readonly end?: string;
}

function fileOf(seed: Seed, { set = {}, extra = [], data, end = "\n" }: Change, roll: Roll): Uint8Array {
  const fields = Object.entries({ ...seed.lines, ...set }).flatMap(([key, value]) =>
    value === null ? [] : [`${key}: ${value}`],
  );
  const numbers = data ?? raw(seed.type, seed.values, seed.little);
  const all = [`NRRD000${between(roll, 1, 5)}`, ...shuffled(roll, fields), ...extra, "", ""];
  return Buffer.concat([ascii(all.join(end)), numbers]);
}

const { opening, refusing } = changing(seedOf, fileOf);

const withFrames = (seed: Seed, facts: Partial<Picture>) => seed.frames.map((frame) => ({ ...frame, ...facts }));
const numbersOf = (seed: Seed) => raw(seed.type, seed.values, seed.little);

export const NRRD_KINDS = kindsOf("nrrd", {
  same: {
    comments: opening((_seed, roll) => ({ words: "#", extra: [`# ${words(roll)}`, `# sizes: ${roll(9)} ${roll(9)}`] })),
    "keys and values": opening((_seed, roll) => ({ words: ":=", extra: [`${words(roll, 9)}:=${words(roll)}: x`] })),
    "fields of no meaning for the picture": opening((_seed, roll) => ({
      words: "content, sample units, measurement frame",
      set: { content: words(roll), "sample units": '"mm"', "measurement frame": "(1,0,0) (0,1,0) (0,0,1)" },
    })),
    "lines that end as on Windows": opening(() => ({ words: "\\r\\n", end: "\r\n" })),
    "packed by gzip": opening((seed, roll) => ({
      words: "gzip",
      set: { encoding: pick(roll, ["gzip", "gz"]) },
      data: gzipSync(numbersOf(seed), { level: roll(10) }),
    })),
    "numbers as text": opening((seed, roll) => ({
      words: "text",
      set: { encoding: pick(roll, ["text", "ascii", "txt"]) },
      data: ascii(seed.values.map((value) => `${value}${pick(roll, [" ", "\n", "  "])}`).join("")),
    })),
    "numbers as hexadecimal digits": opening((seed, roll) => {
      const digits = [...numbersOf(seed)].map((byte) => byte.toString(16).padStart(2, "0"));
      const said = digits.map((pair) => `${pick(roll, [pair, pair.toUpperCase()])}${pick(roll, ["", " ", "\n"])}`);
      return { words: "hex", set: { encoding: "hex" }, data: ascii(said.join("")) };
    }),
    "numbers in files of their own, in a zip with their header": (roll) => {
      const seed = seedOf(roll);
      const numbers = numbersOf(seed);
      const cut = roll(numbers.length);
      const [said, parts] = pick(roll, [
        ["data file: a.raw", [numbers]],
        ["data file: LIST\na1.raw\na2.raw", [numbers.subarray(0, cut), numbers.subarray(cut)]],
        ["datafile: a%d.raw 1 2 1", [numbers.subarray(0, cut), numbers.subarray(cut)]],
      ] as [string, Buffer[]][]);
      const header = ascii(
        ["NRRD0005", ...Object.entries(seed.lines).map(([k, v]) => `${k}: ${v}`), said, ""].join("\n"),
      );
      const data = parts.map((part, i) => ({ name: parts.length === 1 ? "a.raw" : `a${i + 1}.raw`, data: part }));
      const entries = shuffled(roll, [{ name: "a.nhdr", data: header }, ...data]);
      return { bytes: zipBytes(entries), words: said, must: image(seed.frames) };
    },
    "bytes to be skipped": opening((seed, roll) => {
      const skipped = between(roll, 1, 40);
      const data = Buffer.concat([Buffer.alloc(skipped, roll(256)), numbersOf(seed)]);
      return { words: `${skipped} bytes`, set: { [pick(roll, ["byte skip", "byteskip"])]: `${skipped}` }, data };
    }),
    "all but the end to be skipped": opening((seed, roll) => {
      const data = Buffer.concat([Buffer.alloc(between(roll, 1, 40), roll(256)), numbersOf(seed)]);
      return { words: "byte skip -1", set: { "byte skip": "-1" }, data };
    }),
    "lines to be skipped": opening((seed, roll) => {
      const lines = between(roll, 1, 5);
      const data = Buffer.concat([ascii(`${words(roll, 9)}\n`.repeat(lines)), numbersOf(seed)]);
      return { words: `${lines} lines`, set: { "line skip": `${lines}` }, data };
    }),
    "another name of the same space": opening((seed, roll) => {
      const [x, y, z] = seed.start;
      const ras = pick(roll, ["right-anterior-superior", "RAS"]);
      const directions = `(${-seed.mm[0]},0,0) (0,${-seed.mm[1]},0) (0,0,${seed.mm[2]})`;
      const set = { space: ras, "space origin": `(${-x},${-y},${z})`, "space directions": directions };
      return { words: "both in RAS", set };
    }),
    "the other byte order": opening((seed) => ({
      words: "swapped",
      set: { endian: seed.little ? "big" : "little" },
      data: raw(seed.type, seed.values, !seed.little),
    })),
  },
  note: {
    "a step that is no length": opening((seed, roll) => {
      const no = pick(roll, [...NO_LENGTHS]);
      const directions = `(${no},0,0) (0,${seed.mm[1]},0) (0,0,${seed.mm[2]})`;
      const frames = withFrames(seed, { spacingMm: null, geometry: null });
      return { words: directions, set: { "space directions": directions }, frames, notes: [/spacing is no length/] };
    }),
    "a spacing that is no length": opening((seed, roll) => {
      const no = pick(roll, [...NO_LENGTHS, "nan", "inf"]);
      const set = { space: null, "space directions": null, "space origin": null, spacings: `1 ${no} 1` };
      const frames = withFrames(seed, { spacingMm: null, geometry: null });
      return { words: `spacings 1 ${no} 1`, set, frames, notes: [/spacing is no length/] };
    }),
    "an axis of time": opening((seed, roll) => {
      const space = pick(roll, ["left-posterior-superior-time", "LPST", "right-anterior-superior-time"]);
      const frames = withFrames(seed, { geometry: null });
      return { words: space, set: { space }, frames, notes: [/time axis/] };
    }),
    "sheared axes": opening((seed) => {
      const [x, y, z] = seed.mm;
      const set = { "space directions": `(${x},0,0) (${y},${y},0) (0,0,${z})` };
      const frames = withFrames(seed, { geometry: null, spacingMm: [y * Math.SQRT2, x] });
      return { words: "y leans to x", set, frames, notes: [/sheared/] };
    }),
    "an origin that is no place": opening((seed, roll) => {
      const origin = pick(roll, ["(1,2)", "(nan,1,2)", "(1,2,inf)"]);
      const frames = withFrames(seed, { geometry: null });
      return { words: origin, set: { "space origin": origin }, frames, notes: [/place in the patient/] };
    }),
    "more numbers than declared": opening((seed, roll) => {
      const more = between(roll, 2, 99);
      const data = Buffer.concat([numbersOf(seed), Buffer.alloc(more)]);
      if (roll(2) === 0) return { words: `${more} bytes more`, data, notes: [/bytes more/] };
      return { words: `${more} more, packed`, set: { encoding: "gzip" }, data: gzipSync(data), notes: [/bytes more/] };
    }),
    "values that are not finite": opening((seed, roll) => {
      const [at, odd] = [roll(seed.values.length), pick(roll, [Number.NaN, Number.POSITIVE_INFINITY])];
      const values = seed.values.map((value, i) => (i === at ? odd : value));
      const pixels = seed.size[0] * seed.size[1];
      const frames = seed.frames.map((frame, k) => ({ ...frame, values: values.slice(k * pixels, (k + 1) * pixels) }));
      return { words: `${odd} at ${at}`, data: raw(FLOAT, values, seed.little), frames, notes: [/no finite numbers/] };
    }, FLOAT),
    "no byte order of numbers of several bytes": opening((seed) => ({
      words: "endian is gone",
      set: { endian: null },
      data: raw(seed.type, seed.values, true),
      notes: seed.type.size > 1 ? [/byte order/] : [],
    })),
  },
  changed: {
    "another origin": opening((seed, roll) => {
      const start = [between(roll, -99, 99), between(roll, -99, 99), between(roll, -99, 99)] as const;
      const frames = seed.frames.map((frame, k) => {
        const position = [start[0], start[1], start[2] + k * seed.mm[2]] as const;
        return { ...frame, geometry: { ...(frame.geometry as NonNullable<Picture["geometry"]>), position } };
      });
      return { words: `${start}`, set: { "space origin": `(${start.join(", ")})` }, frames };
    }),
    "twice the step": opening((seed) => {
      const [x, y, z] = seed.mm;
      const set = { "space directions": `(${2 * x},0,0) (0,${2 * y},0) (0,0,${z})` };
      return { words: "2 ×", set, frames: withFrames(seed, { spacingMm: [2 * y, 2 * x] }) };
    }),
    "spacings alone": opening((seed, roll) => {
      const [x, y] = [between(roll, 1, 99) / 10, between(roll, 1, 99) / 10];
      const set = { space: null, "space directions": null, "space origin": null, spacings: `${x} ${y} 1` };
      return { words: `${x} ${y}`, set, frames: withFrames(seed, { spacingMm: [y, x], geometry: null }) };
    }),
    "rows and columns exchanged": opening((seed) => {
      const [width, height, depth] = seed.size;
      const frames = withFrames(seed, { width: height, height: width });
      return { words: "exchanged", set: { sizes: `${height} ${width} ${depth}` }, frames };
    }),
  },
  refused: {
    "a type that is none": refusing("UnsupportedPixels", /items are of type/, (_seed, roll) => ({
      words: "type",
      set: { type: pick(roll, ["block", "foo", "uint128", "complex", ""]) },
    })),
    "a packing that is not read": refusing("UnsupportedPixels", /packed as/, (_seed, roll) => ({
      words: "encoding",
      set: { encoding: pick(roll, ["bzip2", "bz2", "hexadecimal", "zlib"]) },
    })),
    "a number of axes that is not its sizes'": refusing("UnsupportedPixels", /sizes are/, (_seed, roll) => ({
      words: "dimension",
      set: { dimension: pick(roll, ["0", "1", "2", "4", "5", "-3"]) },
    })),
    "text that is no number": refusing("DamagedFile", /no (whole )?number/, (_seed, roll) => {
      const field = pick(roll, ["sizes", "dimension", "space origin", "space directions", "byte skip", "line skip"]);
      const no = pick(
        roll,
        NO_NUMBERS.filter((word) => word !== "1,5"),
      );
      const said = field.startsWith("space") ? (field === "sizes" ? no : `(${no},0,0) (0,1,0) (0,0,1)`) : no;
      return { words: `${field} ${said}`, set: { [field]: field === "sizes" ? `3 ${no} 1` : said } };
    }),
    "a side that is none": refusing("DamagedFile", /declares/, (_seed, roll) => {
      const sizes = pick(roll, ["0 3 1", "3 -2 1", "-2 -2 1", "2.5 2 1", "3 3 0"]);
      return { words: sizes, set: { sizes } };
    }),
    "a byte order that is none": refusing("DamagedFile", /byte order/, (_seed, roll) => ({
      words: "endian",
      set: { endian: pick(roll, ["middle", "foo", "big little", "0"]) },
    })),
    "a skip beyond the file": refusing(["DamagedFile", "TruncatedFile"], /byte skip|ends before/, (_seed, roll) => ({
      words: "byte skip",
      set: { "byte skip": pick(roll, ["-2", "999999999", "100000"]) },
    })),
    "a field twice": refusing("DamagedFile", /twice/, (seed, roll) => {
      const field = pick(roll, ["sizes", "space origin", "space directions", "type", "encoding"]);
      const other = { sizes: "2 2 1", "space origin": "(0,0,0)", type: "uchar", encoding: "text" }[field];
      return { words: `${field} again`, extra: [`${field}: ${other ?? seed.lines[field]}`] };
    }),
    "numbers that lie in another file": refusing("UnsupportedPixels", /another file/, (_seed, roll) => ({
      words: "data file",
      set: { [pick(roll, ["data file", "datafile"])]: "numbers.raw" },
    })),
    colours: refusing("UnsupportedPixels", /several numbers/, (seed) => ({
      words: "RGB-color",
      set: { kinds: "RGB-color domain domain", "space directions": `none (0,${seed.mm[1]},0) (0,0,${seed.mm[2]})` },
    })),
    "numbers cut short": refusing("TruncatedFile", /ends before slice 1/, (seed, roll) => ({
      words: "cut in the first slice",
      data: numbersOf(seed).subarray(0, roll(seed.type.size * seed.size[0] * seed.size[1])),
    })),
    "words among the numbers": refusing("DamagedFile", /which is none/, (seed, roll) => {
      const at = roll(seed.values.length);
      const no = pick(
        roll,
        NO_NUMBERS.filter((word) => word !== "1,5"),
      );
      const said = seed.values.map((value, i) => (i === at ? no : value)).join(" ");
      return { words: `${no} at ${at}`, set: { encoding: "ascii" }, data: ascii(said) };
    }),
    "a letter among hexadecimal digits": refusing("DamagedFile", /no hexadecimal digit/, (seed, roll) => {
      const digits = numbersOf(seed).toString("hex");
      const at = roll(digits.length);
      const data = ascii(digits.slice(0, at) + pick(roll, ["g", "x", "-", "."]) + digits.slice(at));
      return { words: `at ${at}`, set: { encoding: "hex" }, data };
    }),
    "the checksum of the packed numbers": refusing("DamagedFile", /broken or cut/, (seed, roll) => {
      const data = gzipSync(numbersOf(seed));
      const at = data.length - 1 - roll(8);
      data[at] = (data[at] as number) ^ (1 << roll(8));
      return { words: `byte ${at}`, set: { encoding: "gzip" }, data };
    }),
    "packed otherwise than it says": refusing("DamagedFile", /broken or cut/, (seed) => ({
      words: "zlib as gzip",
      set: { encoding: "gzip" },
      data: deflateSync(numbersOf(seed)),
    })),
    "a header without an end": (roll) => {
      const seed = seedOf(roll);
      const bytes = ascii(
        `NRRD0004\n${Object.entries(seed.lines)
          .map(([k, v]) => `${k}: ${v}`)
          .join("\n")}`,
      );
      return { bytes, words: "no empty line", must: refused("DamagedFile", /no end/) };
    },
  },
});
