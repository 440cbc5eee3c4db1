import { GraderspaceError } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
import type { Draw, Encoding, HeadWeights, NamedDraw, Want } from "../../core/network/encoding.ts";
import type { Rows } from "../../wasm/desk.ts";
import { type Port, serveCalls } from "../calls/calls.ts";
import { LIVE } from "../calls/lifeline.ts";
import { LocalStitcher, type Region } from "../whole-slice.ts";
import type { RowDecoder } from "./pooled-decoder.ts";

/** Answers a remote decoder's calls with the decoder that `make` gives for a head. Returns how to stop. */
export function serveDecoder<Options>(
  port: Port,
  make: (head: HeadWeights, options: Options) => Promise<RowDecoder>,
): () => void {
  let made: Promise<RowDecoder> | null = null;
  let stitcher: LocalStitcher | null = null;
  const decoder = (): Promise<RowDecoder> => {
    if (made === null) throw new GraderspaceError("BadArgument", { problem: say`the decoder was not started` });
    return made;
  };
  return serveCalls(port, {
    live: LIVE,
    start: {
      run: async ([head, options]) => {
        made = make(head as HeadWeights, options as Options);
        stitcher = null;
        return (await made).kind;
      },
    },
    open: { run: async ([encoding]) => (await decoder()).open(encoding as Encoding) },
    decode: {
      run: async ([draws, want, rows], task) =>
        (await decoder()).decode(draws as Draw[], want as Want, task, rows as Rows | undefined),
      moves: true,
    },
    decodeEach: {
      run: async ([parts], task) => (await decoder()).decodeEach(parts as NamedDraw[], task),
      moves: true,
    },
    forget: { run: async () => (await decoder()).forget() },
    stitchStart: {
      run: async ([width, height, count]) => {
        stitcher ??= new LocalStitcher(await decoder());
        await stitcher.start(width as number, height as number, count as number);
      },
    },
    stitchAdd: {
      run: async ([region], task) => {
        stitcher ??= new LocalStitcher(await decoder());
        await stitcher.add(region as Region, task);
      },
    },
    stitchFinish: { run: () => stitcher?.finish(), moves: true },
    dispose: { run: async () => (await decoder()).dispose() },
  });
}
