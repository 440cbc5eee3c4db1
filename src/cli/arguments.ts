import { type ParseArgsConfig, parseArgs } from "node:util";
import type { ModelConfig } from "../core/config/model-config.ts";
import { GraderspaceError } from "../core/errors.ts";
import { SAMPLE_ORDERS, type SampleOrder } from "../core/random/orders.ts";

/** One command's words: what stands without a name, and the named ones as they were typed. */
export interface Arguments {
  readonly positionals: readonly string[];
  /** @throws GraderspaceError BadArgument where it is given as nothing */
  text(name: string): string | undefined;
  flag(name: string): boolean;
  /** Every word given for it: `--marks a.xml b.xml`, `--marks a.xml --marks b.xml`. @throws GraderspaceError BadArgument */
  list(name: string): readonly string[];
  /** @throws GraderspaceError BadArgument */
  needed(name: string): string;
  /** A whole number within bounds; `otherwise` where it was not given. @throws GraderspaceError BadArgument */
  whole(name: string, otherwise: number, low: number, high: number): number;
  /** @throws GraderspaceError BadArgument */
  number(name: string, otherwise: number, low: number, high: number): number;
  /** One of these words; `otherwise` where none was given. @throws GraderspaceError BadArgument */
  choice<Word extends string>(name: string, words: readonly Word[], otherwise: Word): Word;
  /** Every option and flag that was typed, by name, as one text. */
  given(): Readonly<Record<string, string>>;
}

export interface Expected {
  /** Names of the positional words, for the sentences. */
  readonly positionals: readonly string[];
  /** More words like the last one may follow it. */
  readonly andMore?: boolean;
  readonly options: readonly string[];
  readonly flags?: readonly string[];
  /** Options that take all words up to the next option. */
  readonly lists?: readonly string[];
}

/** @throws GraderspaceError BadArgument: unknown or missing words */
export function readArguments(words: readonly string[], expected: Expected): Arguments {
  const options: NonNullable<ParseArgsConfig["options"]> = {};
  for (const name of expected.options) options[name] = { type: "string" };
  for (const name of expected.flags ?? []) options[name] = { type: "boolean" };
  for (const name of expected.lists ?? []) options[name] = { type: "string", multiple: true };
  const { values, positionals } = parsed(withLists(words, expected.lists ?? []), options);
  const missing = expected.positionals[positionals.length];
  if (missing !== undefined) throw bad(`${missing} is missing`, usage(expected));
  if (positionals.length > expected.positionals.length && !expected.andMore) {
    throw bad(`"${positionals[expected.positionals.length]}" is one word too many`, usage(expected));
  }
  const text = (name: string) => {
    const word = values[name] as string | undefined;
    if (word === "") throw bad(`--${name} is empty`, usage(expected));
    return word;
  };
  const number = (name: string, otherwise: number, low: number, high: number) => {
    const word = text(name);
    if (word === undefined) return otherwise;
    return inBounds(`--${name}`, word, low, high);
  };
  return {
    positionals,
    text,
    number,
    flag: (name) => values[name] === true,
    given: () => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)])),
    list(name) {
      const given = (values[name] ?? []) as string[];
      if (given.includes("")) throw bad(`--${name} is empty`, usage(expected));
      return given;
    },
    choice<Word extends string>(name: string, words: readonly Word[], otherwise: Word) {
      const given = text(name) ?? otherwise;
      const found = words.find((one) => one === given);
      if (found === undefined) throw bad(`--${name} is "${given}"`, `give one of ${words.join(", ")}`);
      return found;
    },
    needed(name) {
      const word = text(name);
      if (word === undefined) throw bad(`--${name} is missing`, usage(expected));
      return word;
    },
    whole(name, otherwise, low, high) {
      const value = number(name, otherwise, low, high);
      if (!Number.isInteger(value)) throw bad(`--${name} is ${value}`, "give a whole number");
      return value;
    },
  };
}

/** "312,207" → [312, 207]. @throws GraderspaceError BadArgument */
export function readPoint(name: string, word: string): [number, number] {
  const match = /^\s*(-?\d+)\s*,\s*(-?\d+)\s*$/.exec(word);
  if (!match) throw bad(`--${name} is "${word}"`, "give column and row as two whole numbers: 312,207");
  return [Number(match[1]), Number(match[2])];
}

/** "1,4,16" → [1, 4, 16], in the order given. @throws GraderspaceError BadArgument */
export function readCounts(name: string, word: string): number[] {
  return word.split(",").map((part) => {
    const count = inBounds(`--${name}`, part, 1, 1000);
    if (!Number.isInteger(count)) throw bad(`--${name} holds ${count}`, "give whole numbers: 1,4,8,16");
    return count;
  });
}

/** `--order`, "iid" where it is not given. @throws GraderspaceError BadArgument: no such order, or a model that draws no z */
export function readOrder(args: Arguments, config?: Pick<ModelConfig, "name" | "choice">): SampleOrder {
  const order = args.choice("order", SAMPLE_ORDERS, "iid");
  if (order !== "iid" && config && config.choice !== "z") {
    const problem = `--order ${order} is an order of draws of z, and ${config.name} chooses its samples by ${config.choice}`;
    throw bad(problem, "leave --order out, or take a model with z");
  }
  return order;
}

function inBounds(name: string, word: string, low: number, high: number): number {
  const value = word.trim() === "" ? Number.NaN : Number(word);
  if (value >= low && value <= high) return value;
  throw bad(`${name} is "${word}"`, `give a number from ${low} to ${high}`);
}

function parsed(words: readonly string[], options: NonNullable<ParseArgsConfig["options"]>) {
  try {
    // A negative seed is a value, not an option.
    const joined = words.flatMap((word, i) => (isNegativeValue(words, i) ? [] : [withNegative(words, i, word)]));
    return parseArgs({ args: joined, options, allowPositionals: true, strict: true });
  } catch (error) {
    const [first] = (error as Error).message.split(/[.\n]/);
    throw bad(first ?? "the words are not understood", "see --help");
  }
}

/** Each word after an option that takes several, up to the next option, with the option's name before it. */
function withLists(words: readonly string[], lists: readonly string[]): string[] {
  let open: string | null = null;
  return words.flatMap((word, i): string[] => {
    const option = word.startsWith("--");
    if (option) open = lists.includes(word.slice(2)) ? word : null;
    const first = words[i - 1] === open;
    return option || open === null || first ? [word] : [open, word];
  });
}

function isNegativeValue(words: readonly string[], i: number): boolean {
  return /^-\d/.test(words[i] as string) && (words[i - 1]?.startsWith("--") ?? false);
}

function withNegative(words: readonly string[], i: number, word: string): string {
  return word.startsWith("--") && isNegativeValue(words, i + 1) ? `${word}=${words[i + 1]}` : word;
}

function usage({ positionals, options, lists = [] }: Expected): string {
  return `give ${[...positionals, ...[...options, ...lists].map((name) => `[--${name}]`)].join(" ")}`;
}

function bad(problem: string, remedy: string): GraderspaceError {
  return new GraderspaceError("BadArgument", { problem, remedy });
}
