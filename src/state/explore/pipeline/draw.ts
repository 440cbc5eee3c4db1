import { throwIfAborted } from "../../../core/errors.ts";
import { say } from "../../../core/language/say.ts";
import type { State } from "../../app/shape.ts";
import { encodedIsFresh, samplesKey } from "../keys.ts";
import { choicesFor, drawnCount, drawsIn } from "../samples.ts";
import { wasMadeBefore } from "../start/made-before.ts";
import type { Bench, Stage } from "./stage.ts";

/** The samples of the strip, with their statistics. */
export function drawSamples({ store, model }: Bench): Stage {
  return {
    job: "samples",
    what: say`Drawing samples`,
    wanted: (state) => (encodedIsFresh(state) ? samplesKey(state) : null),
    have: ({ drawn }) => (wasMadeBefore(drawn?.value) ? undefined : drawn?.key),
    async run(key, state, task) {
      const [encoded, drawing] = [state.encoded?.value, model()];
      if (!encoded || !drawing) return;
      const choices = choicesFor(state, drawing.about, encoded, drawnCount(state));
      const want = { samples: true, statistics: true };
      const { samples, statistics } = await drawing.draw(encoded, choices, want, "soon", task);
      throwIfAborted(task.signal);
      if (samples && statistics)
        store.setState({ drawn: { key, value: { draws: drawsIn(choices), samples, statistics } } });
    },
  };
}

/** Whether the samples on the screen are those that are wanted: what is made of them waits until then. */
export function samplesAreThere(state: State): boolean {
  return encodedIsFresh(state) && state.drawn !== null && state.drawn.key === samplesKey(state);
}
