import * as v from "valibot";

/** The end of a sentence that begins with a field's name. */
type Complaint = (issue: { readonly input: unknown }) => string;

/** `is 7, not a whole number`, or `is missing`. */
export function not(wanted: string): Complaint {
  return ({ input }) => (input === undefined ? "is missing" : `is ${show(input)}, not ${wanted}`);
}

/**
 * Parsed JSON as `schema` has it: known fields only, in the schema's order.
 * @param whose how a sentence names a field, by its path: "choice.seed", "weights[0].file"; "the file" is the whole
 * @throws RangeError with a sentence: which field, what it is, what it should be
 */
export function checked<S extends v.GenericSchema>(
  schema: S,
  json: unknown,
  whose: (path: readonly (string | number)[]) => string = pathText,
): v.InferOutput<S> {
  const { success, output, issues } = v.safeParse(schema, json, { abortEarly: true });
  if (success) return output;
  const [{ path = [], message }] = issues;
  throw new RangeError(`${whose(path.map(({ key }) => key as string | number))} ${message}`);
}

/** ["weights", 0, "file"] → "weights[0].file". */
export function pathText(path: readonly (string | number)[]): string {
  if (path.length === 0) return "the file";
  return path
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`))
    .join("")
    .replace(/^\./, "");
}

export function isObject(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

const anObject = v.pipe(v.unknown(), v.check(isObject, not("an object")));

export function object<const E extends v.ObjectEntries>(entries: E) {
  return v.pipe(anObject, v.object(entries, not("an object")));
}

/** Any keys, at most 100. */
export function record<const S extends v.GenericSchema>(value: S) {
  const few = (json: unknown) => Object.keys(json as object).length <= 100;
  return v.pipe(anObject, v.check(few, not("an object of at most 100 fields")), v.record(short, value));
}

export function list<const S extends v.GenericSchema>(item: S, longest = 256) {
  const wanted = not(`a list of at most ${longest}`);
  const few = v.pipe(v.array(v.unknown(), wanted), v.maxLength(longest, wanted));
  return v.pipe(few, v.array(item, wanted));
}

export function number(low = -1e12, high = 1e12) {
  return v.pipe(
    v.number(not("a number")),
    v.check((value) => value >= low && value <= high, not(`between ${low} and ${high}`)),
  );
}

export function whole(low: number, high: number) {
  return v.pipe(v.number(not("a whole number")), v.integer(not("a whole number")), number(low, high));
}

/** [x, y] */
export function pair(item: v.GenericSchema<number> = number()) {
  return v.strictTuple([item, item], not("two numbers"));
}

/** Of a text, a null or a number: one of these and nothing else. */
export function oneOf<const T extends string | number>(...values: readonly T[]) {
  return v.picklist(values, not(values.map(show).join(" or ")));
}

export const flag = v.boolean(not("true or false"));

/** At least one letter. */
export const text = v.pipe(v.string(not("a text")), v.nonEmpty(not("a text")), v.maxLength(1000, not("a text")));

/** At most 300 letters without control characters. */
export const short = v.pipe(
  v.string(not("a short text")),
  v.maxLength(300, not("a short text")),
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  v.regex(/^[^\x00-\x1f\x7f]*$/, () => "has control characters"),
);

export const hash = v.pipe(
  text,
  v.regex(/^[0-9a-f]{64}$/, () => "is not 64 hexadecimal digits"),
);

/** null and a missing field are the same here. */
export function orNull<const S extends v.GenericSchema>(schema: S) {
  return v.optional(v.nullable(schema), null);
}

function show(value: unknown): string {
  const said = JSON.stringify(value) ?? String(value);
  return said.length > 60 ? `${said.slice(0, 57)}…` : said;
}
