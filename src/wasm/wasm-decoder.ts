import { GraderspaceError, throwIfAborted } from "../core/errors.ts";
import { say } from "../core/language/say.ts";
import type { Decoded, Decoder, Draw, Encoding, HeadWeights, NamedDraw, Task, Want } from "../core/network/encoding.ts";
import { HELD_BYTES } from "../core/network/held.ts";
import { Desk, type Packed, type Rows } from "./desk.ts";
import { Shelf } from "./shelf.ts";

/**
 * The general head on wasm SIMD (decode.wat). Its memory grows to what the largest picture needed and is used again;
 * pictures that are held have a memory of their own, which goes with them. The same bytes come out on every machine.
 */
export class WasmDecoder implements Decoder {
  readonly kind = "wasm";
  readonly #head: HeadWeights;
  readonly #desk: Desk;
  readonly #heldBytes: number;
  #shelf: Shelf | null = null;
  #opened: Encoding | null = null;
  #packed: { readonly of: Encoding; readonly picture: Packed } | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  /** `heldBytes`: the budget of `decodeEach`. */
  static async create(head: HeadWeights, heldBytes = HELD_BYTES): Promise<WasmDecoder> {
    return new WasmDecoder(head, await Desk.create(head), heldBytes);
  }

  private constructor(head: HeadWeights, desk: Desk, heldBytes: number) {
    this.#head = head;
    this.#desk = desk;
    this.#heldBytes = heldBytes;
  }

  /** Bytes of wasm memory held: it settles after the largest picture and number of draws, and those that are held. */
  get bytes(): number {
    return this.#desk.bytes + (this.#shelf?.desk.bytes ?? 0);
  }

  /** Cheap: the maps are copied when they are first decoded, so a decode under way keeps its own picture. */
  open(encoding: Encoding): void {
    this.#opened = encoding;
  }

  /** `rows`: only these of the picture, as if they were one; the same numbers as in the whole. */
  async decode(draws: readonly Draw[], want: Want, task?: Task, rows?: Rows): Promise<Decoded> {
    const encoding = this.#opened;
    if (encoding === null) throw new GraderspaceError("BadArgument", { problem: say`no picture was opened to decode` });
    if (draws.length === 0) throw new GraderspaceError("BadArgument", { problem: say`there is no z to decode` });
    return this.#inTurn(async () => {
      throwIfAborted(task?.signal);
      return this.#desk.decode(this.#pack(encoding), draws, want, task, rows);
    });
  }

  async decodeEach(parts: readonly NamedDraw[], task: Task = {}): Promise<(Float32Array | null)[]> {
    return this.#inTurn(async () => {
      const shelf = this.#shelf ?? new Shelf(await Desk.create(this.#head), this.#heldBytes);
      this.#shelf = shelf;
      const { onProgress, ...rest } = task;
      const found: (Float32Array | null)[] = [];
      for (const { name, draw, encoding } of parts) {
        throwIfAborted(task.signal);
        const picture = shelf.get(name) ?? (encoding ? shelf.put(name, encoding) : null);
        const decoded = picture && (await shelf.desk.decode(picture, [draw], { samples: true }, rest));
        found.push(decoded?.samples?.probabilities ?? null);
        onProgress?.(found.length / parts.length);
      }
      return found;
    });
  }

  /** In its turn, too: what is being decoded is decoded first. */
  forget(): void {
    void this.#inTurn(async () => {
      this.#shelf = null;
    });
  }

  dispose(): void {
    this.#opened = null;
    this.#packed = null;
    this.forget();
  }

  #pack(encoding: Encoding): Packed {
    if (this.#packed?.of === encoding) return this.#packed.picture;
    this.#packed = null;
    const picture = this.#desk.pack(encoding);
    this.#packed = { of: encoding, picture };
    return picture;
  }

  /** One piece of work after another: they share a memory. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#turn.then(work);
    this.#turn = run.catch(() => undefined);
    return run;
  }
}
