import type { Written } from "../../../../support/dicom-bytes.ts";
import { between, image, kindsOf, NO_LENGTHS, NO_NUMBERS, pick, refused } from "../mutant.ts";
import { asStored, NO_PLACE, NOT_HU, nested, opening, refusing, rescaled, SPACING, text } from "./changes.ts";
import { bodyOf, ct, fileOf, SYNTAX, withElements, without, wrapped } from "./seed.ts";

const NOTE: Parameters<typeof kindsOf>[1]["note"] = {
  "no preamble": (roll) => {
    const seed = ct(roll, { syntax: pick(roll, [SYNTAX.explicit, SYNTAX.implicit]) });
    const bytes = fileOf(seed.elements, seed.syntax).subarray(132);
    return { bytes, words: "the first 132 bytes are gone", must: image([seed.picture], /no DICOM preamble/) };
  },
  "no meta header": (roll) => {
    const seed = ct(roll, { syntax: pick(roll, [SYNTAX.explicit, SYNTAX.implicit, SYNTAX.big]) });
    const must = image([seed.picture], /no DICOM preamble/, /does not say how it is encoded/);
    return { bytes: bodyOf(seed.elements, seed.syntax), words: "the data set alone", must };
  },
  "a CT without slope or intercept": opening((seed, roll) => {
    const tags = pick(roll, [[0x00281052], [0x00281053], [0x00281052, 0x00281053]]);
    const elements = without(seed, ...tags);
    return { elements, words: `${tags.length} of both are gone`, facts: asStored(seed), notes: [NOT_HU] };
  }),
  "a slope or intercept that is no number": opening((seed, roll) => {
    const [tag, said] = [pick(roll, [0x00281052, 0x00281053]), pick(roll, [...NO_NUMBERS, "Infinity", "NaN", ""])];
    return text(tag, "DS", said, asStored(seed), NOT_HU)(seed);
  }),
  "a slope of 0": opening((seed) => text(0x00281053, "DS", "0", asStored(seed), NOT_HU)(seed)),
  "a slope that no float32 holds": opening((seed) => {
    const values = rescaled(seed, 1e308, seed.intercept).map(Math.fround);
    const notes = values.every(Number.isFinite) ? [] : [/no finite numbers/];
    return text(0x00281053, "DS", "1e308", { values }, ...notes)(seed);
  }),
  "a spacing that is no length": opening((seed, roll) => {
    const said = `${pick(roll, [...NO_LENGTHS, ...NO_NUMBERS, "-1", ""])}`;
    const spacing = pick(roll, [`${said}\\0.7`, `0.7\\${said}`, said || "abc"]);
    return text(0x00280030, "DS", spacing, { spacingMm: null }, SPACING)(seed);
  }),
  "a position that is none": opening((seed, roll) => {
    const said = pick(roll, [`${pick(roll, NO_NUMBERS)}\\0\\0`, "1\\2", "1\\2\\", "5"]);
    return text(0x00200032, "DS", said, { geometry: null }, NO_PLACE)(seed);
  }),
  "directions that are none": opening((seed, roll) => {
    const no = pick(roll, NO_NUMBERS);
    const said = pick(roll, [
      "1\\0\\0\\1\\0\\0",
      "0\\0\\0\\0\\1\\0",
      "1\\0\\0",
      "2\\0\\0\\0\\2\\0",
      `1\\0\\0\\0\\${no}\\0`,
    ]);
    return text(0x00200037, "DS", said, { geometry: null }, NO_PLACE)(seed);
  }),
  "rows and columns of other lengths": opening((seed, roll) => {
    const [a, b] = [between(roll, 1, 9) / 10, between(roll, 10, 19) / 10];
    return text(0x00280030, "DS", `${a}\\${b}`, { spacingMm: [a, b] }, /not square/)(seed);
  }),
  "half the rows declared": opening((seed) => {
    const height = Math.floor(seed.height / 2);
    const values = seed.picture.values.slice(0, height * seed.width);
    const elements = withElements(seed, [0x00280010, "US", [height]]);
    return { elements, words: `${height} of ${seed.height} rows`, facts: { height, values }, notes: [/bytes more/] };
  }),
  "8 bits declared of 16": opening(
    (seed) => {
      const raw = seed.stored.flatMap((v) => [v & 255, (v >> 8) & 255]).slice(0, seed.stored.length);
      const given: Written[] = [
        [0x00280100, "US", [8]],
        [0x00280101, "US", [8]],
        [0x00280102, "US", [7]],
      ];
      const values = raw.map((v) => v * seed.slope + seed.intercept);
      return { elements: withElements(seed, ...given), words: "8 bits", facts: { values }, notes: [/bytes more/] };
    },
    { bits: 16, signed: false, syntax: SYNTAX.explicit },
  ),
  "the last pixels are missing": (roll) => {
    const seed = ct(roll, { bits: 16, syntax: pick(roll, [SYNTAX.explicit, SYNTAX.big, SYNTAX.deflated]) });
    const lost = between(roll, 1, seed.width - 1);
    const body = bodyOf(seed.elements, seed.syntax);
    const first = seed.stored.length - lost;
    const values = seed.picture.values.map((v, i) => (i < first ? v : 0));
    const padding = Array.from({ length: lost }, (_, i) => first + i);
    const bytes = wrapped(seed.syntax, body.subarray(0, body.length - 2 * lost));
    return { bytes, words: `${lost} pixels less`, must: image([{ ...seed.picture, values, padding }], /cut short/) };
  },
  "fewer frames than declared": (roll) => {
    const seed = ct(roll, { bits: 16 });
    const count = between(roll, 2, 7);
    const elements = withElements(seed, [0x00280008, "IS", `${count}`]);
    const later = Array.from({ length: count - 1 }, () => refused("TruncatedFile", /ends after 1 of its/));
    const must = image([seed.picture, ...later], /only 1 of its/);
    return { bytes: fileOf(elements, seed.syntax), words: `${count} frames declared, 1 there`, must };
  },
  "an element of the picture twice": opening((seed, roll) => {
    const [tag, said, facts] = pick(roll, [
      [0x00281053, "3", { values: rescaled(seed, 3, seed.intercept) }],
      [0x00281052, "-7", { values: rescaled(seed, seed.slope, -7) }],
      [0x00280030, "0.9\\0.9", { spacingMm: [0.9, 0.9] as const }],
    ] as const);
    const at = seed.elements.findIndex((element) => element[0] === tag) + 1;
    const elements = [...seed.elements.slice(0, at), [tag, "DS", said] as const, ...seed.elements.slice(at)];
    return { elements, words: `${tag.toString(16)} again as "${said}"`, facts, notes: [/twice/] };
  }),
  "more bits stored than there are, or none": opening((seed, roll) => {
    const stored = pick(roll, [0, seed.bits + 1, seed.bits + 7, 255, 65535]);
    const elements = withElements(seed, [0x00280101, "US", [stored]]);
    return { elements, words: `${stored} of ${seed.bits} bits stored`, notes: [/bits stored/] };
  }),
};

const REFUSED: Parameters<typeof kindsOf>[1]["refused"] = {
  "no rows or columns": refusing("DamagedFile", /declares/, (seed, roll) => {
    const tag = pick(roll, [0x00280010, 0x00280011]);
    const elements = roll(2) === 0 ? without(seed, tag) : withElements(seed, [tag, "US", [0]]);
    return { elements, words: tag.toString(16) };
  }),
  "more pixels than any picture": refusing("TooLarge", /pixels/, (seed, roll) => {
    const given: Written[] = [
      [0x00280010, "US", [between(roll, 5000, 65535)]],
      [0x00280011, "US", [between(roll, 5000, 65535)]],
    ];
    return { elements: withElements(seed, ...given), words: "over 5000 × 5000" };
  }),
  "a number of frames that is none": refusing("DamagedFile", /pictures|frames/, (seed, roll) => {
    const said = pick(roll, ["0", "-2", "1.5", ...NO_NUMBERS]);
    return { elements: withElements(seed, [0x00280008, "IS", said]), words: said };
  }),
  colours: refusing("UnsupportedPixels", /colour/, (seed, roll) => {
    const given: Written = pick(roll, [
      [0x00280004, "CS", "RGB"],
      [0x00280004, "CS", "PALETTE COLOR"],
      [0x00280002, "US", [3]],
    ] as const);
    return { elements: withElements(seed, given), words: String(given[2]) };
  }),
  "bits that no reader has": refusing("UnsupportedPixels", /bits/, (seed, roll) => {
    const bits = pick(roll, [0, 1, 2, 7, 12, 24, 64, 65535]);
    return { elements: withElements(seed, [0x00280100, "US", [bits]]), words: `${bits} bits allocated` };
  }),
  "no pixels": refusing(["TruncatedFile"], /before its pixel data/, (seed) => ({
    elements: without(seed, 0x7fe00010),
    words: "the pixels are gone",
  })),
  "what is no picture": refusing("NotAnImage", /not a picture/, (seed, roll) => {
    const sop = pick(roll, ["88.11", "104.1", "11.1", "481.5", "9.1.1", "66.5", "67"]);
    const elements = withElements({ elements: without(seed, 0x7fe00010) }, [
      0x00080016,
      "UI",
      `1.2.840.10008.5.1.4.1.1.${sop}`,
    ]);
    return { elements, words: sop };
  }),
  "sequences too deep": refusing("DamagedFile", /nested/, (seed, roll) => ({
    elements: withElements(seed, nested(roll, between(roll, 26, 60), true)),
    words: "over 24 deep",
  })),
  "rows are missing": (roll) => {
    const seed = ct(roll, { bits: 16, syntax: pick(roll, [SYNTAX.explicit, SYNTAX.big, SYNTAX.deflated]) });
    const body = bodyOf(seed.elements, seed.syntax);
    const lost = between(roll, seed.width, seed.stored.length);
    const bytes = wrapped(seed.syntax, body.subarray(0, body.length - 2 * lost));
    return { bytes, words: `${lost} pixels less`, must: refused("TruncatedFile", /ends (after|before)/) };
  },
};

export const WRONG_DICOM_KINDS = kindsOf("dicom", { note: NOTE, refused: REFUSED });
