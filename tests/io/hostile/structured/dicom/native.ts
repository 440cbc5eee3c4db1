import type { Written } from "../../../../support/dicom-bytes.ts";
import { ascii, between, image, kindsOf, NO_LENGTHS, NO_NUMBERS, type Picture, pick, words } from "../mutant.ts";
import { idle, nested, opening, rescaled, text } from "./changes.ts";
import { bodyOf, ct, fileOf, pixels, SYNTAX, withElements, without } from "./seed.ts";

const SAME: Parameters<typeof kindsOf>[1]["same"] = {
  "another name of the patient": idle((roll) => [0x00100010, "PN", words(roll)]),
  "a private element": idle((roll) => [0x00091010, pick(roll, ["LO", "UN", "OB", "UT"]), words(roll, 300)]),
  "an element of no meaning for the picture": idle((roll) => [
    pick(roll, [0x00081030, 0x00181030, 0x00204000, 0x00321060, 0x00401400]),
    pick(roll, ["LO", "ST", "LT", "UT", "SH"]),
    words(roll, 200),
  ]),
  "an empty element": idle((roll) => [pick(roll, [0x00080050, 0x00080090, 0x00201040]), "LO", ""]),
  "window centre and width": idle((roll) => [0x00281050, "DS", `${between(roll, -999, 999)}`]),
  "a length of a group": idle((roll) => [0x00280000, "UL", [roll(2 ** 31)]]),
  "an overlay": idle((roll) => [0x60003000, "OW", [roll(65536), roll(65536)]]),
  "padding behind the pixels": idle((roll) => [0xfffcfffc, "OB", new Uint8Array(2 * roll(60))]),
  "a sequence of some depth": idle((roll) => nested(roll, between(roll, 1, 20), roll(2) === 0)),
  "an icon with pixels of its own": idle((roll) => {
    const icon: Written[] = [
      [0x00280010, "US", [1]],
      [0x00280011, "US", [2]],
      [0x00280100, "US", [8]],
      [0x7fe00010, "OB", [roll(256), roll(256)]],
    ];
    return [0x00880200, "SQ", { items: [icon], undefinedLength: roll(2) === 0 }];
  }),
  "the preamble holds what another format begins with": (roll) => {
    const seed = ct(roll);
    const bytes = fileOf(seed.elements, seed.syntax);
    const magic = pick(roll, ["\x89PNG\r\n\x1a\n", "II*\0", "PK\x03\x04", "\xff\xd8\xff\xe0", "NRRD0004\n", "<html>"]);
    bytes.set(ascii(magic));
    return { bytes, words: `the preamble begins with ${JSON.stringify(magic)}`, must: image([seed.picture]) };
  },
  "numbers as text with blanks, signs and exponents": opening((seed, roll) => {
    const mm = (seed.picture.spacingMm as readonly number[])[0] as number;
    const form = (n: number) => pick(roll, [` ${n} `, `${n < 0 ? "" : "+"}${n}`, n.toExponential(), `${n}  `]);
    const [slope, intercept] = [form(seed.slope), form(seed.intercept)];
    const spacing = `${form(mm)}\\${form(mm)}`;
    const given: Written[] = [
      [0x00280030, "DS", spacing],
      [0x00281052, "DS", intercept],
      [0x00281053, "DS", slope],
    ];
    return { elements: withElements(seed, ...given), words: `${spacing}, ${slope}, ${intercept}` };
  }),
  "bits of an overlay above the stored ones": opening(
    (seed, roll) => {
      const low = seed.stored.map((v) => v & 0xfff);
      const given: Written[] = [
        [0x00280101, "US", [12]],
        [0x00280102, "US", [11]],
        pixels(
          16,
          low.map((v) => v | (roll(16) << 12)),
        ),
      ];
      const values = low.map((v) => v * seed.slope + seed.intercept);
      return { elements: withElements(seed, ...given), words: "12 of 16 bits stored, more set", facts: { values } };
    },
    { bits: 16, signed: false },
  ),
  "a padding value that no pixel has": opening(
    (seed, roll) => ({
      elements: withElements(seed, [0x00280120, "US", [300 + roll(99)]]),
      words: "padding of 300 up",
    }),
    { bits: 8 },
  ),
  "a transfer syntax with blanks behind it": (roll) => {
    const seed = ct(roll, { syntax: SYNTAX.explicit });
    const meta = bodyOf([[0x00020010, "UI", Buffer.from(`${SYNTAX.explicit} `)]], SYNTAX.explicit);
    const body = bodyOf(seed.elements, seed.syntax);
    const bytes = Buffer.concat([Buffer.alloc(128), ascii("DICM"), meta, body]);
    return { bytes, words: "no group length, a blank behind the syntax", must: image([seed.picture]) };
  },
};

const CHANGED: Parameters<typeof kindsOf>[1]["changed"] = {
  "another slope": opening((seed, roll) => {
    const slope = pick(roll, [2, 0.25, -1, 10, 1.5]) * seed.slope;
    return text(0x00281053, "DS", `${slope}`, { values: rescaled(seed, slope, seed.intercept) })(seed);
  }),
  "another intercept": opening((seed, roll) => {
    const intercept = between(roll, -3000, 3000) / 2;
    return text(0x00281052, "DS", `${intercept}`, { values: rescaled(seed, seed.slope, intercept) })(seed);
  }),
  "half the spacing": opening((seed) => {
    const mm = (seed.picture.spacingMm as readonly number[])[0] as number;
    return text(0x00280030, "DS", `${mm / 2}\\${mm / 2}`, { spacingMm: [mm / 2, mm / 2] })(seed);
  }),
  "the shortest and the longest length": opening((seed, roll) => {
    const mm = pick(roll, [0.001, 1000]);
    return text(0x00280030, "DS", `${mm}\\${mm}`, { spacingMm: [mm, mm] })(seed);
  }),
  "another place": opening((seed, roll) => {
    const position = [between(roll, -99, 99), between(roll, -99, 99), between(roll, -99, 99)] as const;
    const geometry = { ...(seed.picture.geometry as NonNullable<Picture["geometry"]>), position };
    return text(0x00200032, "DS", position.join("\\"), { geometry })(seed);
  }),
  "a thickness that is no length": opening((seed, roll) => {
    const geometry = { ...(seed.picture.geometry as NonNullable<Picture["geometry"]>), thicknessMm: null };
    return text(0x00180050, "DS", `${pick(roll, [...NO_LENGTHS, ...NO_NUMBERS, "-2"])}`, { geometry })(seed);
  }),
  "no place at all": opening((seed, roll) => ({
    elements: without(seed, pick(roll, [0x00200032, 0x00200037])),
    words: "position or directions are gone",
    facts: { geometry: null },
  })),
  "low values are bright": opening((seed) => text(0x00280004, "CS", "MONOCHROME1", { inverted: true })(seed)),
  "values of a unit of its own": opening((seed) => text(0x00281054, "LO", "US", { unit: "stored" })(seed)),
  "another modality": opening((seed) => text(0x00080060, "CS", "MR", { unit: "stored", modality: "MR" })(seed)),
  "the sign turned round": opening(
    (seed) => {
      const read = seed.stored.map((v) => (seed.signed ? v & 0xffff : (v << 16) >> 16));
      const values = read.map((v) => v * seed.slope + seed.intercept);
      const elements = withElements(seed, [0x00280103, "US", [seed.signed ? 0 : 1]]);
      return { elements, words: "the other pixel representation", facts: { values } };
    },
    { bits: 16 },
  ),
  "rows and columns exchanged": opening((seed) => {
    const { width, height } = seed;
    const given: Written[] = [
      [0x00280010, "US", [width]],
      [0x00280011, "US", [height]],
    ];
    return { elements: withElements(seed, ...given), words: "exchanged", facts: { width: height, height: width } };
  }),
  "a padding value that pixels have": opening(
    (seed, roll) => {
      const value = pick(roll, seed.stored);
      const padding = seed.stored.flatMap((v, i) => (v === value ? [i] : []));
      return {
        elements: withElements(seed, [0x00280120, "US", [value]]),
        words: `padding ${value}`,
        facts: { padding },
      };
    },
    { signed: false },
  ),
  "one pixel more bright": opening(
    (seed, roll) => {
      const at = roll(seed.stored.length);
      const stored = seed.stored.map((v, i) => (i === at ? v ^ 1 : v));
      const values = stored.map((v) => v * seed.slope + seed.intercept);
      return { elements: withElements(seed, pixels(16, stored)), words: `pixel ${at}`, facts: { values } };
    },
    { bits: 16 },
  ),
};

export const DICOM_KINDS = kindsOf("dicom", { same: SAME, changed: CHANGED });
