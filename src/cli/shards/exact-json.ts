/**
 * JSON in which every double comes back to the bit: NaN, the infinities and −0 by name, Float64Array as an array of numbers and
 * Uint8Array in base64, each in an object whose one key no figure has.
 */
export function writeExact(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) => {
    if (typeof one === "number" && (!Number.isFinite(one) || Object.is(one, -0))) {
      return { [NUMBER]: Object.is(one, -0) ? "-0" : String(one) };
    }
    if (one instanceof Float64Array) return { [DOUBLES]: [...one] };
    if (one instanceof Uint8Array) return { [BYTES]: Buffer.from(one).toString("base64") };
    if (ArrayBuffer.isView(one)) throw new TypeError(`${one.constructor.name} has no place in a part`);
    return one;
  });
}

/** What `writeExact` wrote. @throws SyntaxError */
export function readExact(text: string): unknown {
  return JSON.parse(text, (_, one: unknown) => {
    if (typeof one !== "object" || one === null) return one;
    if (NUMBER in one) return Number(one[NUMBER]);
    if (DOUBLES in one) return Float64Array.from(one[DOUBLES] as number[]);
    if (BYTES in one) return new Uint8Array(Buffer.from(one[BYTES] as string, "base64"));
    return one;
  });
}

const NUMBER = "$number";
const DOUBLES = "$doubles";
const BYTES = "$bytes";
