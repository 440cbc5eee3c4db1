import { throwIfAborted } from "../../../core/errors.ts";
import { say } from "../../../core/language/say.ts";
import { cropRegion } from "../../../core/values/region.ts";
import { frameKeyOf } from "../../app/identity.ts";
import { frameOnScreen, regionCentre } from "../../cases/on-screen.ts";
import { modelIsThere } from "../../models/model.ts";
import { canDraw, encodeKey } from "../keys.ts";
import { wasMadeBefore } from "../start/made-before.ts";
import type { Bench, Stage } from "./stage.ts";

/**
 * What the network makes of the region, once per region; what the build made of the first one is made anew once the
 * engine is there. `onDone` is called after each.
 */
export function encodeRegion(bench: Bench, onDone: () => void): Stage {
  return {
    job: "encode",
    what: say`Looking at the region`,
    wanted: (state) => (modelIsThere(state) ? encodeKey(state) : null),
    have: (state) => {
      const isOld = bench.engineIsThere() && wasMadeBefore(state.encoded?.value);
      return canDraw(state) && !isOld ? state.encoded?.key : undefined;
    },
    async run(key, state, task) {
      const [frame, centre, model] = [frameOnScreen(state), regionCentre(state), bench.model()];
      if (!frame || !centre || !model) return;
      const crop = cropRegion(frame.slice, centre[0], centre[1], model.about.config.preprocessing.size);
      const picture = frameKeyOf(frame.caseId, frame.index);
      const value = await model.prepare({ ...crop, picture }, task);
      throwIfAborted(task.signal);
      bench.store.setState({ encoded: { key, value } });
      onDone();
    },
  };
}
