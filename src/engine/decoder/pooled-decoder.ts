import type {
  Decoded,
  Decoder,
  Draw,
  Encoding,
  NamedDraw,
  Samples,
  Statistics,
  Task,
  Want,
} from "../../core/network/encoding.ts";
import type { Rows } from "../../wasm/desk.ts";

/** A decoder that can be asked for some rows only, where it is a wasm one; others answer with the whole. */
export interface RowDecoder extends Decoder {
  decode(draws: readonly Draw[], want: Want, task?: Task, rows?: Rows): Promise<Decoded>;
}

/** Pixels times draws from which a second worker saves more than its messages cost: about 15 ms of one. */
const WORTH = 1 << 19;

/**
 * One decoder for what is quick, and helpers, made when they are first worth it, for what is not: each takes a band of
 * the picture's rows. The numbers are the same however many share the work.
 */
export class PooledDecoder implements Decoder {
  readonly kind: Decoder["kind"];
  readonly #first: RowDecoder;
  readonly #makeHelpers: () => Promise<readonly RowDecoder[]>;
  #helpers: Promise<readonly RowDecoder[]> | null = null;
  #encoding: Encoding | null = null;
  /** The picture that the helpers hold: they are told of one only when they are needed. */
  #told: Encoding | null = null;

  constructor(first: RowDecoder, makeHelpers: () => Promise<readonly RowDecoder[]>) {
    this.kind = first.kind;
    this.#first = first;
    this.#makeHelpers = makeHelpers;
  }

  open(encoding: Encoding): void {
    this.#encoding = encoding;
    this.#first.open(encoding);
  }

  async decode(draws: readonly Draw[], want: Want, task?: Task): Promise<Decoded> {
    const encoding = this.#encoding;
    if (encoding === null || draws.length * encoding.width * encoding.height < WORTH) {
      return this.#first.decode(draws, want, task);
    }
    const first = this.#first;
    this.#helpers ??= this.#makeHelpers();
    const helpers = await this.#helpers;
    if (this.#encoding !== encoding) this.#first.open(encoding); // asked for before another picture was opened
    if (this.#told !== encoding) for (const helper of helpers) helper.open(encoding);
    this.#told = encoding;
    const bands = bandsOf(encoding.height, helpers.length + 1);
    const done = bands.map(() => 0);
    const run = Promise.all(
      bands.map((rows, k) => {
        const onProgress = (fraction: number) => {
          done[k] = fraction;
          task?.onProgress?.(done.reduce((sum, part) => sum + part, 0) / bands.length);
        };
        const part = { ...(task?.signal && { signal: task.signal }), onProgress };
        return (k === 0 ? first : (helpers[k - 1] as RowDecoder)).decode(draws, want, part, rows);
      }),
    );
    if (this.#encoding !== encoding && this.#encoding) this.#first.open(this.#encoding);
    return joined(await run, encoding);
  }

  /** Each picture has its decoder, by its name: however many are asked for at once, it is held in one place. */
  async decodeEach(parts: readonly NamedDraw[], task?: Task): Promise<(Float32Array | null)[]> {
    this.#helpers ??= this.#makeHelpers();
    const decoders = [this.#first, ...(await this.#helpers)];
    const shares = decoders.map((_, d) => parts.filter(({ name }) => name % decoders.length === d));
    const alone = task?.signal ? { signal: task.signal } : {};
    const runs = shares.map((share, d) => (decoders[d] as RowDecoder).decodeEach(share, alone));
    const next = (await Promise.all(runs)).map((answers) => answers.values());
    return parts.map(({ name }) => next[name % decoders.length]?.next().value ?? null);
  }

  forget(): void {
    this.#first.forget();
    this.#eachHelper((helper) => helper.forget());
  }

  dispose(): void {
    this.#first.dispose();
    this.#eachHelper((helper) => helper.dispose());
  }

  #eachHelper(tell: (helper: RowDecoder) => void): void {
    this.#helpers?.then(
      (helpers) => helpers.forEach(tell),
      () => undefined, // those that could not be made hold nothing
    );
  }
}

/** `count` bands of whole rows, as equal as they can be. */
function bandsOf(height: number, count: number): Rows[] {
  const edge = (k: number) => Math.round((k * height) / count);
  return Array.from({ length: count }, (_, k) => ({ first: edge(k), last: edge(k + 1) })).filter(
    ({ first, last }) => last > first,
  );
}

/** The whole picture from bands of it, from top to bottom. */
function joined(parts: readonly Decoded[], { width, height }: Encoding): Decoded {
  const samples = parts.map((part) => part.samples);
  const statistics = parts.map((part) => part.statistics);
  return {
    ...(samples.every((part) => part !== undefined) && { samples: joinedSamples(samples, width, height) }),
    ...(statistics.every((part) => part !== undefined) && { statistics: joinedStatistics(statistics) }),
  };
}

function joinedSamples(parts: readonly Samples[], width: number, height: number): Samples {
  const count = parts[0]?.count ?? 0;
  const probabilities = new Float32Array(count * width * height);
  let row = 0;
  for (const part of parts) {
    const pixels = width * part.height;
    for (let n = 0; n < count; n++) {
      probabilities.set(part.probabilities.subarray(n * pixels, (n + 1) * pixels), (n * height + row) * width);
    }
    row += part.height;
  }
  return { count, width, height, probabilities };
}

function joinedStatistics(parts: readonly Statistics[]): Statistics {
  const all = (map: keyof Statistics) => {
    const found = new Float32Array(parts.reduce((sum, part) => sum + part[map].length, 0));
    let at = 0;
    for (const part of parts) {
      found.set(part[map], at);
      at += part[map].length;
    }
    return found;
  };
  return {
    mean: all("mean"),
    variance: all("variance"),
    entropy: all("entropy"),
    mutualInformation: all("mutualInformation"),
  };
}
