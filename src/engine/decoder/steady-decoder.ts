import { GraderspaceError } from "../../core/errors.ts";
import { inEnglish, say, sayAll, type Text } from "../../core/language/say.ts";
import type {
  Decoded,
  Decoder,
  Draw,
  Encoding,
  HeadWeights,
  NamedDraw,
  Task,
  Want,
} from "../../core/network/encoding.ts";
import type { Rows } from "../../wasm/desk.ts";
import { isFailure, reasonOf } from "../backends/backend.ts";
import type { RowDecoder } from "./pooled-decoder.ts";

/** A way to decode: WGSL or wasm SIMD. Throws with the reason where that cannot be. */
export interface DecoderKind {
  readonly kind: Decoder["kind"];
  make(head: HeadWeights): Promise<RowDecoder>;
}

/**
 * A decoder that stays: when its device is lost or its memory ends, it is made anew, and failing that the next kind
 * takes over, with the same picture and the same z. Results of different kinds differ by less than 1e-4.
 * @throws NoBackend where no kind can be made
 */
export async function createSteadyDecoder(kinds: readonly DecoderKind[], head: HeadWeights): Promise<RowDecoder> {
  const made = await firstOf(kinds, 0, head, []);
  return new SteadyDecoder(kinds, head, made);
}

interface Made {
  readonly index: number;
  readonly decoder: RowDecoder;
}

class SteadyDecoder implements RowDecoder {
  readonly #kinds: readonly DecoderKind[];
  readonly #head: HeadWeights;
  readonly #reasons: Text[] = [];
  #made: Made;
  #encoding: Encoding | null = null;

  constructor(kinds: readonly DecoderKind[], head: HeadWeights, made: Made) {
    this.#kinds = kinds;
    this.#head = head;
    this.#made = made;
  }

  get kind(): Decoder["kind"] {
    return this.#made.decoder.kind;
  }

  open(encoding: Encoding): void {
    this.#encoding = encoding;
    this.#made.decoder.open(encoding);
  }

  decode(draws: readonly Draw[], want: Want, task?: Task, rows?: Rows): Promise<Decoded> {
    const encoding = this.#encoding;
    return this.#steadily((decoder, remade) => {
      if (remade && encoding) decoder.open(encoding);
      const run = decoder.decode(draws, want, task, rows);
      const latest = this.#encoding;
      if (remade && latest && latest !== encoding) decoder.open(latest); // it was opened meanwhile, and lasts
      return run;
    });
  }

  /** A successor holds no picture: whoever asked gives them again. */
  decodeEach(parts: readonly NamedDraw[], task?: Task): Promise<(Float32Array | null)[]> {
    return this.#steadily((decoder) => decoder.decodeEach(parts, task));
  }

  forget(): void {
    this.#made.decoder.forget();
  }

  dispose(): void {
    this.#made.decoder.dispose();
  }

  async #steadily<T>(work: (decoder: RowDecoder, remade: boolean) => Promise<T>): Promise<T> {
    let remade = false;
    this.#reasons.length = 0; // what went wrong before is no reason for what may come
    for (;;) {
      const used = this.#made;
      try {
        return await work(used.decoder, remade);
      } catch (error) {
        if (!isFailure(error)) throw error;
        this.#reasons.push(reasonOf(error));
        // another decode may have met the same loss first, and made the successor already
        if (this.#made === used) await this.#replace(used, remade ? used.index + 1 : used.index);
        remade = true;
      }
    }
  }

  #replacing: Promise<void> | null = null;

  #replace(used: Made, from: number): Promise<void> {
    this.#replacing ??= (async () => {
      used.decoder.dispose();
      this.#made = await firstOf(this.#kinds, from, this.#head, this.#reasons);
      if (this.#encoding) this.#made.decoder.open(this.#encoding);
    })().finally(() => {
      this.#replacing = null;
    });
    return this.#replacing;
  }
}

async function firstOf(kinds: readonly DecoderKind[], from: number, head: HeadWeights, reasons: Text[]): Promise<Made> {
  for (let index = from; index < kinds.length; index++) {
    try {
      return { index, decoder: await (kinds[index] as DecoderKind).make(head) };
    } catch (error) {
      reasons.push(reasonOf(error));
    }
  }
  const problem = say`no way to decode is left here (${sayAll(distinct(reasons), "; ")})`;
  throw new GraderspaceError("NoBackend", { problem, remedy: say`ask for fewer samples, or reload the page` });
}

function distinct(reasons: readonly Text[]): readonly Text[] {
  return [...new Map(reasons.map((reason) => [inEnglish(reason), reason])).values()];
}
