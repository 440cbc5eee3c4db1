import { sampleAt } from "../../../core/values/threshold.ts";
import type { Ports } from "../../app/ports.ts";
import type { State } from "../../app/shape.ts";
import { OncePerFrame } from "../../app/work/once-per-frame.ts";
import { isQuick } from "../../models/model.ts";
import { currentKey } from "../busy.ts";
import { canDraw, samplesKey } from "../keys.ts";
import { currentChoices, shownDraw } from "../samples.ts";
import { wasMadeBefore } from "../start/made-before.ts";
import type { Bench } from "./stage.ts";

/**
 * What the sliders show: one decode per frame. A result of the same encoding is shown even where z has moved on meanwhile.
 * A failure is not told here: the same model draws the samples, and their stage tells the person.
 */
export function decodeCurrent(bench: Bench, ports: Pick<Ports, "frame" | "now">): OncePerFrame {
  const { store } = bench;
  const wanted = () => {
    const state = store.getState();
    const key = currentKey(state);
    if (key === null || !bench.model() || !canDraw(state)) return null;
    const isThere = state.current?.key === key && !wasMadeBefore(state.current.value);
    return !isThere && state.failures.samples?.key !== samplesKey(state) ? key : null;
  };
  return new OncePerFrame(ports, wanted, async (key) => {
    const state = store.getState();
    const drawn = drawnAlready(state);
    if (drawn) return store.setState({ current: { key, value: drawn } });
    const [choices, model] = [currentChoices(state), bench.model()];
    if (!choices || !state.encoded || !model) return;
    const { samples } = await model.draw(state.encoded.value, choices, { samples: true }, "now");
    if (samples && store.getState().encoded === state.encoded)
      store.setState({ current: { key, value: samples.probabilities } });
  });
}

/** P(lesion) of what is shown large where it is among the draws and another pass would cost more than a frame. */
function drawnAlready(state: State): Float32Array | null {
  const index = isQuick(state) ? null : shownDraw(state);
  if (index === null || state.drawn?.key !== samplesKey(state)) return null;
  return sampleAt(state.drawn.value.samples, index).slice();
}
