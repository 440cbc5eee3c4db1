import { gzipSync } from "node:zlib";
import type { ErrorTag } from "../../../../../src/core/errors.ts";
import { between, image, kindsOf, type Mutant, NO_LENGTHS, type Picture, pick, type Roll, refused } from "../mutant.ts";
import { bytesOf, type Fields, picturesOf, type Seed, seedOf } from "./nifti-seed.ts";

interface Change {
  readonly words: string;
  readonly fields?: Partial<Fields>;
  readonly values?: readonly number[];
  /** Bytes behind the numbers. */
  readonly behind?: number;
  readonly frames?: readonly (Picture | ReturnType<typeof refused>)[];
  readonly notes?: readonly RegExp[];
}

/** The changed file, packed by gzip or not. */
function opening(change: (seed: Seed, roll: Roll) => Change) {
  return (roll: Roll): Mutant => {
    const seed = seedOf(roll);
    const { fields, values = seed.values, behind = 0, frames = seed.frames, notes = [], words } = change(seed, roll);
    const plain = bytesOf(seed, { ...seed.fields, ...fields }, values, behind);
    const bytes = roll(3) === 0 ? gzipSync(plain) : plain;
    return { bytes, words: `${words} (NIfTI-${seed.version})`, must: image(frames, ...notes) };
  };
}

function refusing(tags: ErrorTag | readonly ErrorTag[], says: RegExp, change: (seed: Seed, roll: Roll) => Change) {
  return (roll: Roll): Mutant => {
    const seed = seedOf(roll);
    const { fields, values = seed.values, words } = change(seed, roll);
    const plain = bytesOf(seed, { ...seed.fields, ...fields }, values);
    const bytes = roll(3) === 0 ? gzipSync(plain) : plain;
    return { bytes, words: `${words} (NIfTI-${seed.version})`, must: refused(tags, says) };
  };
}

/** Bytes of a packed file changed behind the packing. */
function packed(tags: ErrorTag, says: RegExp, change: (gz: Buffer, roll: Roll) => Uint8Array) {
  return (roll: Roll): Mutant => {
    const seed = seedOf(roll);
    const gz = gzipSync(bytesOf(seed, seed.fields, seed.values));
    return { bytes: change(gz, roll), words: "packed by gzip", must: refused(tags, says) };
  };
}

const withFrames = (seed: Seed, facts: Partial<Picture>) => seed.frames.map((frame) => ({ ...frame, ...facts }));
const withValues = (seed: Seed, map: (value: number) => number) =>
  seed.frames.map((frame) => ({ ...frame, values: frame.values.map(map) }));

export const NIFTI_KINDS = kindsOf("nifti", {
  same: {
    "another description": opening((_seed, roll) => ({
      words: "descrip",
      fields: { description: "x".repeat(roll(79)) },
    })),
    "bytes of an extension before the numbers": opening((seed, roll) => {
      const offset = seed.fields.offset + 16 * between(roll, 1, 20);
      return { words: `vox_offset ${offset}`, fields: { offset } };
    }),
    "a slope of 0, which says that nothing is scaled": opening((_seed, roll) => ({
      words: "scl_slope 0",
      fields: { slope: 0, intercept: between(roll, -9, 9) },
    })),
    "sides behind the last dimension": opening((seed, roll) => {
      const dims = seed.fields.dims.map((side, i) => (i > 3 ? between(roll, -5, 99) : side));
      return { words: `dim [${dims}]`, fields: { dims } };
    }),
    "further dimensions of 1": opening((seed, roll) => {
      const dims = [between(roll, 4, 7), ...seed.fields.dims.slice(1)];
      return { words: `dim [${dims}]`, fields: { dims } };
    }),
    "one form alone": opening((_seed, roll) => ({
      words: "a code of 0",
      fields:
        roll(2) === 0
          ? { qformCode: 0, quaternion: [9, 9, 9, 9, 9, 9] }
          : { sformCode: 0, sform: new Array(12).fill(7) },
    })),
    "an odd byte behind the numbers": opening(() => ({ words: "1 byte", behind: 1 })),
    "units of time": opening((_seed, roll) => ({
      words: "xyzt_units",
      fields: { units: 2 | (8 * between(roll, 1, 3)) },
    })),
    "packed in two members, with a name and a time": (roll) => {
      const seed = seedOf(roll);
      const plain = bytesOf(seed, seed.fields, seed.values);
      const cut = between(roll, 1, plain.length - 1);
      const second = gzipSync(plain.subarray(cut));
      const named = gzipSync(plain.subarray(0, cut), { level: roll(10) });
      named.writeUInt32LE(roll(2 ** 31), 4);
      const head = Buffer.from(named.subarray(0, 10));
      head[3] = 8;
      const bytes = Buffer.concat([head, Buffer.from("a.nii\0"), named.subarray(10), second]);
      return { bytes, words: `members of ${cut} bytes and the rest`, must: image(seed.frames) };
    },
  },
  note: {
    "a voxel size that is none, beside a form": opening((seed, roll) => {
      const pixdim = [...seed.fields.pixdim];
      pixdim[1 + roll(2)] = pick(roll, [Number.NaN, 1e38, ...NO_LENGTHS]);
      return { words: `pixdim ${pixdim}`, fields: { pixdim, qformCode: 0 }, notes: [/the sform counts/] };
    }),
    "a voxel size that is none, and no form": opening((seed, roll) => {
      const pixdim = [...seed.fields.pixdim];
      pixdim[1 + roll(2)] = pick(roll, [Number.NaN, Number.POSITIVE_INFINITY, 1e38, ...NO_LENGTHS]);
      const frames = withFrames(seed, { spacingMm: null, geometry: null });
      const notes = [/does not say where it lies/, /spacing is unknown/];
      return { words: `pixdim ${pixdim}`, fields: { pixdim, qformCode: 0, sformCode: 0 }, frames, notes };
    }),
    "no form": opening((seed) => ({
      words: "codes of 0",
      fields: { qformCode: 0, sformCode: 0 },
      frames: withFrames(seed, { geometry: null }),
      notes: [/does not say where it lies/],
    })),
    "forms that differ": opening((seed, roll) => {
      const quaternion = [0, 0, 0, ...seed.start.map((mm) => mm + between(roll, 1, 50))];
      return { words: `qoffset ${quaternion}`, fields: { quaternion }, notes: [/place it differently/] };
    }),
    "a form that is no use beside one that is": opening((seed, roll) => {
      const sform = [...seed.fields.sform];
      sform[pick(roll, [0, 3, 5, 7, 11])] = pick(roll, [Number.NaN, Number.POSITIVE_INFINITY]);
      return { words: `sform ${sform}`, fields: { sform }, notes: [/its sform cannot be used/] };
    }),
    "another size in the form than in pixdim": opening((seed) => {
      const mm = [2 * seed.mm[0], 2 * seed.mm[1], seed.mm[2]];
      const sform = seed.fields.sform.map((part, i) => (i === 0 || i === 5 ? 2 * part : part));
      const frames = picturesOf(seed.values, seed.fields, mm, seed.start);
      return { words: "sform of 2 × pixdim", fields: { sform, qformCode: 0 }, frames, notes: [/the sform counts/] };
    }),
    "sheared axes": opening((seed) => {
      const sform = seed.fields.sform.map((part, i) =>
        i === 1 ? seed.mm[1] / 2 : i === 5 ? (seed.mm[1] * 3) / 4 : part,
      );
      const between_ = seed.mm[1] * Math.hypot(0.5, 0.75);
      const frames = withFrames(seed, { geometry: null, spacingMm: [between_, seed.mm[0]] });
      const notes = [/sheared/, /the sform counts/];
      return { words: "y leans to x", fields: { sform, qformCode: 0 }, frames, notes };
    }),
    "a slope or intercept that is no number": opening((_seed, roll) => {
      const odd = pick(roll, [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
      const fields = roll(2) === 0 ? { slope: odd } : { slope: 2, intercept: odd };
      return { words: JSON.stringify(Object.keys(fields)), fields, notes: [/stored values are shown/] };
    }),
    "more numbers than declared": opening((seed, roll) => {
      const more = between(roll, 2, 300);
      return { words: `${more} bytes more (${seed.values.length} numbers)`, behind: more, notes: [/bytes more/] };
    }),
    "half the rows declared": opening((seed) => {
      const [rank = 3, width = 1, height = 1] = seed.fields.dims;
      const fields = { dims: [rank, width, Math.floor(height / 2), 1, 1, 1, 1, 1] };
      const frames = picturesOf(seed.values, { ...seed.fields, ...fields }, seed.mm, seed.start);
      return { words: `dim ${fields.dims}`, fields, frames, notes: surplus(seed, frames) };
    }),
    "values that are not finite": opening((seed, roll) => {
      const odd = pick(roll, [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
      const at = roll(seed.values.length);
      const values = seed.values.map((value, i) => (i === at ? odd : value));
      const fields = { datatype: 16, bitpix: 32 };
      const frames = picturesOf(values, seed.fields, seed.mm, seed.start);
      return { words: `${odd} at ${at}`, values, fields, frames, notes: [/1 of its \d+ values|all of its/] };
    }),
    "whole numbers that float32 does not hold": opening((seed, roll) => {
      const at = roll(seed.values.length);
      const values = seed.values.map((value, i) => (i === at ? 2 ** 30 + 64 * roll(9) + 1 : Math.abs(value)));
      const frames = picturesOf(values, seed.fields, seed.mm, seed.start);
      return {
        words: "over 2²⁴",
        values,
        fields: { datatype: 768, bitpix: 32 },
        frames,
        notes: [/last digits are lost/],
      };
    }),
  },
  changed: {
    "a slope and an intercept": opening((seed, roll) => {
      const [slope, intercept] = [pick(roll, [2, 0.5, -1, 0.25]), between(roll, -1024, 1024)];
      const frames = withValues(seed, (value) => value * slope + intercept);
      return { words: `${slope}, ${intercept}`, fields: { slope, intercept }, frames };
    }),
    "another place": opening((seed, roll) => {
      const start = [between(roll, -99, 99), between(roll, -99, 99), between(roll, -99, 99)];
      const sform = seed.fields.sform.map((part, i) => (i % 4 === 3 ? (start[(i - 3) / 4] as number) : part));
      const frames = picturesOf(seed.values, seed.fields, seed.mm, start);
      return { words: `${start}`, fields: { sform, quaternion: [0, 0, 0, ...start] }, frames };
    }),
    "units of metres or microns": opening((seed, roll) => {
      const [units, factor] = pick(roll, [
        [1, 1000],
        [3, 0.001],
      ] as const);
      const scale = (parts: readonly number[]) => parts.map((part) => part / factor);
      const { pixdim, quaternion, sform } = seed.fields;
      const fields = {
        units,
        pixdim: [1, ...scale(pixdim.slice(1))],
        quaternion: scale(quaternion),
        sform: scale(sform),
      };
      return { words: `xyzt_units ${units}, all lengths in it`, fields };
    }),
    "slices as a fourth dimension": opening((seed) => {
      const [, width = 1, height = 1, slices = 1] = seed.fields.dims;
      const fields = { dims: [4, width, height, 1, slices, 1, 1, 1] };
      const frames = picturesOf(seed.values, { ...seed.fields, ...fields }, seed.mm, seed.start);
      return { words: `dim ${fields.dims}`, fields, frames };
    }),
    "rows and columns exchanged": opening((seed) => {
      const [, width = 1, height = 1, slices = 1] = seed.fields.dims;
      const fields = { dims: [3, height, width, slices, 1, 1, 1, 1] };
      const frames = picturesOf(seed.values, { ...seed.fields, ...fields }, seed.mm, seed.start);
      return { words: `dim ${fields.dims}`, fields, frames };
    }),
  },
  refused: {
    "a number of dimensions that is none": refusing("DamagedFile", /dimensions/, (seed, roll) => {
      const dims = [pick(roll, [0, -1, 8, 127, -32768]), ...seed.fields.dims.slice(1)];
      return { words: `dim ${dims}`, fields: { dims } };
    }),
    "a side that is none": refusing("DamagedFile", /sides of/, (seed, roll) => {
      const dims = [...seed.fields.dims];
      dims[between(roll, 1, 3)] = pick(roll, [0, -1, -3, -32768]);
      return { words: `dim ${dims}`, fields: { dims } };
    }),
    "two negative sides": refusing("DamagedFile", /sides of/, (seed) => {
      const dims = seed.fields.dims.map((side, i) => (i === 1 || i === 2 ? -side : side));
      return { words: `dim ${dims}`, fields: { dims } };
    }),
    "more bits than the type has": refusing("DamagedFile", /bits a voxel/, (seed, roll) => {
      const bitpix = pick(
        roll,
        [8, 16, 32, 64, 1, -8].filter((bits) => bits !== seed.fields.bitpix),
      );
      return { words: `bitpix ${bitpix}`, fields: { bitpix } };
    }),
    "what is no one number": refusing("UnsupportedPixels", /are not read/, (_seed, roll) => {
      const datatype = pick(roll, [0, 1, 32, 128, 1536, 1792, 2048, 2304, 77]);
      return { words: `datatype ${datatype}`, fields: { datatype, bitpix: 32 } };
    }),
    "the header of a pair": refusing("UnsupportedPixels", /pair of files/, (seed) => ({
      words: "magic ni",
      fields: { magic: seed.version === 1 ? "ni1\0" : "ni2\0\r\n\x1a\n" },
    })),
    "another magic word": refusing("UnknownFormat", /of no format|no NIfTI/, (_seed, roll) => ({
      words: "magic",
      fields: { magic: pick(roll, ["n-1\0", "x+1\0", "\0\0\0\0"]) },
    })),
    "another size of the header": refusing("UnknownFormat", /of no format|no NIfTI/, (_seed, roll) => ({
      words: "sizeof_hdr",
      fields: { sizeofHdr: pick(roll, [0, 347, 349, 541, -348, 65535]) },
    })),
    "numbers that begin inside the header": refusing("DamagedFile", /begin at byte/, (_seed, roll) => ({
      words: "vox_offset",
      fields: { offset: pick(roll, [0, -352, 1, 300, 347]) },
    })),
    "numbers that begin at no byte": (roll) => {
      const seed: Seed = { ...seedOf(roll), version: 1 };
      const base = { ...seed.fields, sizeofHdr: 348, magic: "n+1\0" };
      const offset = pick(roll, [Number.NaN, Number.POSITIVE_INFINITY, 1e30, 352.5, 400.25]);
      const bytes = bytesOf(seed, { ...base, offset }, seed.values);
      return { bytes, words: `vox_offset ${offset}`, must: refused("DamagedFile", /begin at byte/) };
    },
    "nothing behind the header": (roll) => {
      const seed = seedOf(roll);
      const bytes = bytesOf(seed, seed.fields, seed.values).subarray(0, seed.fields.offset + roll(2));
      const one = seed.fields.bitpix === 8 && seed.values.length === 1;
      return { bytes, words: "cut behind the header", must: refused("TruncatedFile", one ? /ends/ : /ends after 0/) };
    },
    "a bit of the packed numbers turned round": packed("DamagedFile", /broken or cut short/, (gz, roll) => {
      const at = gz.length - 8 + roll(8);
      gz[at] = (gz[at] as number) ^ (1 << roll(8));
      return gz;
    }),
    "the packed file cut short": packed("DamagedFile", /broken or cut short/, (gz, roll) =>
      gz.subarray(0, gz.length - between(roll, 1, 8)),
    ),
  },
});

/** Fewer numbers declared than there are; of one byte nothing is said. */
function surplus(seed: Seed, frames: readonly Picture[]): RegExp[] {
  const used = frames.reduce((sum, { values }) => sum + values.length, 0);
  return ((seed.values.length - used) * seed.fields.bitpix) / 8 > 1 ? [/bytes more/] : [];
}
