import { throwIfAborted } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
import type { Insides } from "../../core/network/inside/inner-maps.ts";
import type { State } from "../app/shape.ts";
import type { ExplorerStore } from "../app/store.ts";
import { InStep } from "../app/work/in-step.ts";
import { KeyedTask } from "../app/work/keyed-task.ts";
import { encodedIsFresh, encodeKey } from "../explore/keys.ts";
import { wasMadeBefore } from "../explore/start/made-before.ts";
import { isQuick, type QueuedModel } from "../models/model.ts";

/** What the levels make of the region on the screen; null while it is on its way, or where there are none to look at. */
export function insidesOnScreen(state: State): Insides | null {
  return state.inside !== null && state.inside.key === encodeKey(state) ? state.inside.value : null;
}

/** Whether the levels were to be looked at, and that failed or was cancelled. */
export function insidesFailed(state: State): boolean {
  const { inside } = state.failures;
  return inside !== undefined && inside.key === encodeKey(state);
}

/**
 * What the network's levels make of the region on the screen: looked at while it is shown how it works, once per region
 * whatever z does, and kept until there is another region or model.
 */
export class LevelsOnScreen {
  private readonly store: ExplorerStore;
  private readonly task: KeyedTask;
  private readonly model: () => QueuedModel | null;
  private readonly inStep: InStep;

  constructor(store: ExplorerStore, model: () => QueuedModel | null) {
    this.store = store;
    this.model = model;
    this.task = new KeyedTask(store, "inside", say`Looking inside the network`);
    this.inStep = new InStep([store], () => this.follow());
  }

  cancel(): void {
    this.task.cancel();
  }

  retry(): void {
    this.task.retry();
    this.inStep.follow();
  }

  dispose(): void {
    this.inStep.dispose();
    this.task.stop();
  }

  private follow(): void {
    const state = this.store.getState();
    const key = encodeKey(state);
    if (state.inside && state.inside.key !== key) this.store.setState({ inside: null });
    const shown = state.view === "learn" && encodedIsFresh(state) && isQuick(state) && this.canLook(state);
    this.task.want(shown ? key : null, state.inside?.key, async (task) => {
      const [encoded, model] = [state.encoded, this.model()];
      if (!encoded || !model) return;
      const value = await model.lookInside(encoded.value, task);
      throwIfAborted(task.signal);
      this.store.setState({ inside: { key: encoded.key, value } });
    });
  }

  /** What was made before the visit stands on the screen before there is a network to look into. */
  private canLook({ encoded }: State): boolean {
    return this.model() !== null && !wasMadeBefore(encoded?.value);
  }
}
