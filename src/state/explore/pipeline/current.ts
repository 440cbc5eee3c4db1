import { isAbort } from "../../../core/errors.ts";
import { sampleAt } from "../../../core/values/threshold.ts";
import type { Ports } from "../../app/ports.ts";
import type { State } from "../../app/shape.ts";
import { isQuick } from "../../models/model.ts";
import { currentKey } from "../busy.ts";
import { encodedIsFresh, samplesKey } from "../keys.ts";
import { currentChoices, shownInStrip } from "../samples.ts";
import type { Bench } from "./stage.ts";

/** A frame at 60 Hz, a little less: timers are not exact. */
const FRAME_MS = 15;

/**
 * What the sliders show. One decode per frame: the first at once, those that follow within the frame at the next one,
 * and then only the last z. A result of the same encoding is shown even where z has moved on meanwhile.
 */
export class CurrentDecode {
  private readonly bench: Bench;
  private readonly ports: Pick<Ports, "frame" | "now">;
  private frameAsked = false;
  private decoding = false;
  private decodedAt = Number.NEGATIVE_INFINITY;
  /** The z that the decoder failed on: not asked again. */
  private undecodable: string | null = null;

  constructor(bench: Bench, ports: Pick<Ports, "frame" | "now">) {
    this.bench = bench;
    this.ports = ports;
  }

  retry(): void {
    this.undecodable = null;
  }

  follow(state: State): void {
    if (this.frameAsked || this.decoding || !this.isWanted(state)) return;
    this.frameAsked = true;
    const decode = () => {
      this.frameAsked = false;
      void this.decode();
    };
    if (this.ports.now() - this.decodedAt >= FRAME_MS) queueMicrotask(decode);
    else this.ports.frame(decode);
  }

  private isWanted(state: State): boolean {
    const key = currentKey(state);
    if (key === null || key === this.undecodable || !this.bench.model() || !encodedIsFresh(state)) return false;
    return state.current?.key !== key && state.failures.samples?.key !== samplesKey(state);
  }

  private async decode(): Promise<void> {
    const { store } = this.bench;
    const state = store.getState();
    const key = currentKey(state);
    if (key === null || !this.isWanted(state)) return;
    const drawn = drawnAlready(state);
    if (drawn) return store.setState({ current: { key, value: drawn } });
    const [choices, model] = [currentChoices(state), this.bench.model()];
    if (!choices || !state.encoded || !model) return;
    this.decoding = true;
    this.decodedAt = this.ports.now();
    try {
      const { samples } = await model.draw(state.encoded.value, choices, { samples: true }, "now");
      this.decoding = false;
      if (samples && store.getState().encoded === state.encoded)
        store.setState({ current: { key, value: samples.probabilities } });
    } catch (error) {
      // The same model draws the samples: their stage tells the person. One that was closed gave way to another.
      this.decoding = false;
      if (!isAbort(error)) this.undecodable = key;
    }
    this.follow(store.getState());
  }
}

/** P(lesion) of what is shown large where the strip has it and another pass would cost more than a frame. */
function drawnAlready(state: State): Float32Array | null {
  const index = isQuick(state) ? null : shownInStrip(state);
  if (index === null || state.drawn?.key !== samplesKey(state)) return null;
  return sampleAt(state.drawn.value.samples, index).slice();
}
