import { beforeAll } from "vitest";
import type { BackendName } from "../../src/core/network/model.ts";
import { tfjsBackends } from "../../src/engine/backends/tfjs-backends.ts";
import { dawn } from "./dawn.ts";
import type { ConvShape } from "./plain-conv.ts";

/** A convolution of pictures [batch, height, width, inputs] with a filter [side, side, inputs, outputs], zeros around. */
export interface ConvCase extends ConvShape {
  readonly side: number;
}

/** Every product of such a convolution, by loops: where its picture's, its filter's and its result's number stand. */
export function eachProduct(
  { batch, height, width, inputs, outputs, side }: ConvCase,
  take: (picture: number, filter: number, result: number) => void,
): void {
  const half = (side - 1) / 2;
  for (let n = 0; n < batch; n++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let ky = 0; ky < side; ky++)
          for (let kx = 0; kx < side; kx++) {
            const [sy, sx] = [y + ky - half, x + kx - half];
            if (sy < 0 || sx < 0 || sy >= height || sx >= width) continue;
            for (let i = 0; i < inputs; i++)
              for (let o = 0; o < outputs; o++)
                take(
                  ((n * height + sy) * width + sx) * inputs + i,
                  ((ky * side + kx) * inputs + i) * outputs + o,
                  ((n * height + y) * width + x) * outputs + o,
                );
          }
}

/** Starts tfjs's backend before a file's tests; says whether it is here, which of WebGPU is Dawn's to say. */
export function startedBackend(backend: BackendName): () => boolean {
  let here = true;
  beforeAll(async () => {
    here = backend !== "webgpu" || (await dawn()) !== null;
    if (here) await tfjsBackends({ forced: backend })[0]?.start();
  });
  return () => here;
}
