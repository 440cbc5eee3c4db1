import { throwIfAborted } from "../../../core/errors.ts";
import { say } from "../../../core/language/say.ts";
import type { Draw, Gaussian, Task } from "../../../core/network/encoding.ts";
import { draw } from "../../../core/random/gaussian.ts";
import { REACH } from "../../app/intent.ts";
import type { State } from "../../app/shape.ts";
import type { StateStore } from "../../app/store.ts";
import { aspectOnScreen } from "../../cases/on-screen.ts";
import { isQuick, type QueuedModel } from "../../models/model.ts";
import { encodeKey } from "../keys.ts";
import { samplesAreThere } from "../pipeline/draw.ts";
import type { Bench, Stage } from "../pipeline/stage.ts";
import { planeDirections } from "./directions.ts";
import { CELL, lesionBox, shrink } from "./little-mask.ts";
import type { Plane } from "./masks-over-z.ts";

/** Little masks along one side of the plane: from −4σ to +4σ, the middle one at 0. */
export const PLANE_SIDE = 19;
/** Every third of them is decoded first: 7 × 7. */
const COARSE_STEP = 3;
const COARSE = Math.ceil(PLANE_SIDE / COARSE_STEP) ** 2;

/** Decoded at first: what a slider waits for at most before it is known how long a decode takes. */
const FIRST_BATCH = 16;
/** A batch takes about as long as a frame and a half. */
const BATCH_MS = 24;
/** The first batch and the coarse grid are shown as they come; then no oftener, for each time the page paints all. */
const SHOWN_EVERY_MS = 150;

/** Null where nothing is to be decoded for it: with a pass per mask it would take minutes. */
export function planeKey(state: State): string | null {
  const encode = encodeKey(state);
  const directions = planeDirections(state);
  if (encode === null || !directions || !isQuick(state)) return null;
  return `${encode}|${directions.map(({ name }) => name).join("×")}`;
}

/** The plane's masks, in batches that a slider's decode can overtake: the coarse grid first, then from the middle outwards. */
export function fillPlane({ store, model }: Bench, now: () => number): Stage {
  return {
    job: "plane",
    what: say`Filling the latent plane`,
    wanted: (state) => (samplesAreThere(state) ? planeKey(state) : null),
    have: ({ plane }) => (plane?.value.done === plane?.value.cells.length ? plane?.key : undefined),
    run: (key, state, task) => fill(store, model(), key, state, now, task),
  };
}

async function fill(
  store: StateStore,
  system: QueuedModel | null,
  key: string,
  state: State,
  now: () => number,
  task: Task,
): Promise<void> {
  const directions = planeDirections(state);
  if (!directions || !state.encoded || !state.drawn || !system) return;
  const encoded = state.encoded.value;
  const { prior } = encoded;
  if (!prior) return;
  const { statistics, samples: sized } = state.drawn.value;
  const box = lesionBox(statistics.mean, sized, aspectOnScreen(state));
  const cells: (Uint8Array | null)[] = new Array(PLANE_SIDE ** 2).fill(null);
  const order = coarseFirst();
  let batch = FIRST_BATCH;
  let shown = Number.NEGATIVE_INFINITY;
  for (let done = 0; done < order.length; ) {
    const started = now();
    const until = done < COARSE ? COARSE : order.length;
    const chunk = order.slice(done, Math.min(until, done + batch));
    const draws = chunk.map((cell) => drawAt(prior, cell, directions));
    const { samples } = await system.draw(encoded, { kind: "z", draws }, { samples: true }, "idle", task);
    throwIfAborted(task.signal);
    if (!samples) return;
    const pixels = samples.width * samples.height;
    for (const [i, cell] of chunk.entries()) {
      cells[cell] = shrink(samples.probabilities.subarray(i * pixels, (i + 1) * pixels), samples.width, box);
    }
    done += chunk.length;
    const time = now();
    const atOnce = [chunk.length, COARSE, order.length].includes(done);
    if (atOnce || (done > COARSE && time - shown >= SHOWN_EVERY_MS)) {
      const plane: Plane = { side: PLANE_SIDE, cells: cells.slice(), cellSize: CELL, done };
      store.setState({ plane: { key, value: plane } });
      shown = time;
    }
    batch = Math.max(1, Math.min(64, Math.round((chunk.length * BATCH_MS) / Math.max(1, time - started))));
    task.onProgress?.(done / order.length);
  }
}

/** z of a cell: the first direction grows to the right, the second upwards; all else at the prior mean. */
function drawAt(prior: Gaussian, cell: number, directions: readonly { vector: Float32Array }[]): Draw {
  const step = (2 * REACH) / (PLANE_SIDE - 1);
  const right = -REACH + (cell % PLANE_SIDE) * step;
  const up = REACH - Math.floor(cell / PLANE_SIDE) * step;
  const sigma = new Float32Array(prior.mean.length);
  for (let axis = 0; axis < sigma.length; axis++) {
    sigma[axis] = right * (directions[0]?.vector[axis] ?? 0) + up * (directions[1]?.vector[axis] ?? 0);
  }
  return { z: draw(prior, sigma), u: Number.POSITIVE_INFINITY }; // how it looks, not whether it is there
}

/** Every third cell of every third row, then the rest by rows from the middle outwards. */
function coarseFirst(): number[] {
  const cells = Array.from({ length: PLANE_SIDE ** 2 }, (_, cell) => cell);
  const middle = (PLANE_SIDE - 1) / 2;
  const rank = (cell: number) => {
    const [x, y] = [cell % PLANE_SIDE, Math.floor(cell / PLANE_SIDE)];
    const coarse = x % COARSE_STEP === 0 && y % COARSE_STEP === 0;
    return (coarse ? 0 : 1000) + Math.hypot(x - middle, y - middle);
  };
  return cells.sort((a, b) => rank(a) - rank(b));
}
