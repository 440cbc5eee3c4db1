import type { ErrorTag } from "../../../../../src/core/errors.ts";
import type { Written } from "../../../../support/dicom-bytes.ts";
import { image, type Mutant, type Picture, type Roll, refused } from "../mutant.ts";
import { type Ct, ct, fileOf, withElements } from "./seed.ts";

/** A change of the elements of a native CT after which its picture is the old one but for `facts`. */
type Change = (seed: Ct, roll: Roll) => Changed;
interface Changed {
  readonly words: string;
  readonly elements: readonly Written[];
  readonly facts?: Partial<Picture>;
  readonly notes?: readonly RegExp[];
}

export function opening(change: Change, asked: Parameters<typeof ct>[1] = {}) {
  return (roll: Roll): Mutant => {
    const seed = ct(roll, asked);
    const { elements, facts = {}, notes = [], words: said } = change(seed, roll);
    const bytes = fileOf(elements, seed.syntax);
    return { bytes, words: `${said} (${seed.syntax})`, must: image([{ ...seed.picture, ...facts }], ...notes) };
  };
}

export function refusing(
  tags: ErrorTag | readonly ErrorTag[],
  says: RegExp,
  change: (seed: Ct, roll: Roll) => Pick<Changed, "words" | "elements">,
  asked: Parameters<typeof ct>[1] = {},
) {
  return (roll: Roll): Mutant => {
    const seed = ct(roll, asked);
    const { elements, words: said } = change(seed, roll);
    return { bytes: fileOf(elements, seed.syntax), words: `${said} (${seed.syntax})`, must: refused(tags, says) };
  };
}

/** One element more, or another value of one that means nothing for the picture. */
export function idle(make: (roll: Roll) => Written) {
  return opening((seed, roll) => {
    const element = make(roll);
    return { elements: withElements(seed, element), words: `${element[0].toString(16)} ${element[1]} is added` };
  });
}

export function text(tag: number, vr: string, said: string, facts: Partial<Picture>, ...notes: RegExp[]) {
  return (seed: Ct) => ({ elements: withElements(seed, [tag, vr, said]), words: `${vr} "${said}"`, facts, notes });
}

export const NOT_HU = /stored values are shown, not HU/;
export const asStored = (seed: Ct): Partial<Picture> => ({ values: seed.stored, unit: "stored" });
export const rescaled = ({ stored }: Ct, slope: number, intercept: number) => stored.map((v) => v * slope + intercept);
export const SPACING = /pixel spacing is no pair of lengths/;
export const NO_PLACE = /place in the patient/;

export const nested = (roll: Roll, depth: number, open: boolean): Written =>
  depth === 0
    ? [0x00081150, "UI", "1.2"]
    : [0x00081140, "SQ", { items: [[nested(roll, depth - 1, open)]], undefinedLength: open }];
