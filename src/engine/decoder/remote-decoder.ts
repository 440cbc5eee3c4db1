import { GraderspaceError } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
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
import type { Caller } from "../calls/calls.ts";
import type { Stitcher } from "../whole-slice.ts";
import type { RowDecoder } from "./pooled-decoder.ts";

/**
 * A decoder behind a port (serve.ts): decoding never waits behind an encode, nor the page behind either. `options` go
 * to whoever makes the decoder there; `close` ends what the port leads to.
 */
export async function createRemoteDecoder(
  caller: Caller,
  head: HeadWeights,
  options?: unknown,
  close: () => void = () => undefined,
): Promise<RowDecoder> {
  const kind = await caller.call<Decoder["kind"]>("start", [head, options], undefined, { keep: true });
  return new RemoteDecoder(caller, kind, close);
}

/** A stitcher behind a port (serve.ts), on the decoder that was started there. */
export async function createRemoteStitcher(caller: Caller, head: HeadWeights, options?: unknown): Promise<Stitcher> {
  await caller.call("start", [head, options], undefined, { keep: true });
  return {
    start: (width, height, count) => caller.call("stitchStart", [width, height, count]),
    add: (region, task) => caller.call("stitchAdd", [region], task),
    finish: () => caller.call("stitchFinish", []),
  };
}

class RemoteDecoder implements RowDecoder {
  readonly kind: Decoder["kind"];
  readonly #caller: Caller;
  readonly #close: () => void;
  #opened = false;

  constructor(caller: Caller, kind: Decoder["kind"], close: () => void) {
    this.kind = kind;
    this.#caller = caller;
    this.#close = close;
  }

  open(encoding: Encoding): void {
    this.#opened = true;
    this.#caller.call("open", [encoding], undefined, { keep: true }).catch(() => undefined); // a decode will tell
  }

  async decode(draws: readonly Draw[], want: Want, task?: Task, rows?: Rows): Promise<Decoded> {
    if (!this.#opened) throw new GraderspaceError("BadArgument", { problem: say`no picture was opened to decode` });
    return this.#caller.call("decode", [draws, want, rows], task);
  }

  /** One message there and one back; a worker that was started anew holds no picture, and says so by null. */
  decodeEach(parts: readonly NamedDraw[], task?: Task): Promise<(Float32Array | null)[]> {
    return this.#caller.call("decodeEach", [parts], task);
  }

  forget(): void {
    this.#caller.call("forget", []).catch(() => undefined);
  }

  dispose(): void {
    this.#caller.call("dispose", []).catch(() => undefined);
    this.#caller.close(new GraderspaceError("Aborted", { problem: say`the decoder was closed` }));
    this.#close();
  }
}
