import type { Text } from "../../../core/language/say.ts";
import type { Task } from "../../../core/network/encoding.ts";
import type { State } from "../../app/shape.ts";
import type { ExplorerStore } from "../../app/store.ts";
import type { JobName } from "../../app/work/job.ts";
import type { QueuedModel } from "../../models/model.ts";

/** Whether the work for a key failed: it is not wanted again until it is forgiven. */
export type HasFailed = (key: string) => boolean;

/** What a stage works on. */
export interface Bench {
  readonly store: ExplorerStore;
  /** The model on the screen, or its light half before the first is loaded; null before either. */
  model(): QueuedModel | null;
  /** Whether that is a whole one. */
  engineIsThere(): boolean;
}

/** One step of the way from what is wanted to what is on the screen: it runs where the two keys differ. */
export interface Stage {
  readonly job: JobName;
  /** For people, while it runs. */
  readonly what: Text;
  /** Names what should be there by now; null: nothing can be done yet. */
  wanted(state: State, hasFailed: HasFailed): string | null;
  /** Names what is there. */
  have(state: State): string | undefined;
  /** Makes what `key` names of `state`, and puts it there. `doing` names what is being done from now on. */
  run(key: string, state: State, task: Task, doing: (what: Text) => void): Promise<void>;
}
