import { GraderspaceError } from "../../core/errors.ts";
import type { Draw, Encoding, HeadWeights, Want } from "../../core/network/encoding.ts";
import type { Crop } from "../../core/values/region.ts";
import type { Mask } from "../../core/values/slice.ts";
import type { RowDecoder, Rows } from "../decoder/pooled-decoder.ts";
import type { Engine, ModelFiles } from "../engine.ts";
import { LocalStitcher, type Region } from "../whole-slice.ts";
import { type Method, type Port, serveCalls } from "./calls.ts";
import { holdLifeline } from "./lifeline.ts";

const LIVE: Method = { run: ([line]) => holdLifeline(line as string) };

/** Answers a remote engine's calls with the engine that `make` gives for the options sent first. Returns how to stop. */
export function serveEngine<Options>(port: Port, make: (options: Options) => Engine): () => void {
  let made: Engine | null = null;
  const engine = (): Engine => {
    if (made === null) throw new GraderspaceError("BadArgument", { problem: "the engine was not started" });
    return made;
  };
  return serveCalls(port, {
    live: LIVE,
    start: {
      run: ([options]) => {
        made ??= make(options as Options);
      },
    },
    load: { run: ([files], task) => engine().load(files as ModelFiles, task) },
    // copied, not moved: a network may keep its last encoding, to find posteriors in it
    encode: { run: ([crop], task) => engine().encode(crop as Crop, task) },
    posterior: { run: ([crop, mask], task) => engine().posterior(crop as Crop, mask as Mask, task) },
    report: { run: () => engine().report() },
    dispose: { run: () => engine().dispose() },
  });
}

/** Answers a remote decoder's calls with the decoder that `make` gives for a head. Returns how to stop. */
export function serveDecoder<Options>(
  port: Port,
  make: (head: HeadWeights, options: Options) => Promise<RowDecoder>,
): () => void {
  let made: Promise<RowDecoder> | null = null;
  let stitcher: LocalStitcher | null = null;
  const decoder = (): Promise<RowDecoder> => {
    if (made === null) throw new GraderspaceError("BadArgument", { problem: "the decoder was not started" });
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
