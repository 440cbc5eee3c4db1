import { tell } from "../../app/notices.ts";
import type { Ports } from "../../app/ports.ts";
import type { State } from "../../app/shape.ts";
import type { ExplorerStore } from "../../app/store.ts";
import type { JobName } from "../../app/work/job.ts";
import { KeyedTask } from "../../app/work/keyed-task.ts";
import type { OncePerFrame } from "../../app/work/once-per-frame.ts";
import type { Library } from "../../cases/library.ts";
import { canDraw, encodedIsFresh, encodeKey } from "../keys.ts";
import { measureEffects } from "../latent/effects.ts";
import { findEnds, findModes } from "../latent/modes.ts";
import { fillPlane } from "../latent/plane.ts";
import { placeGraders } from "../latent/posteriors.ts";
import { whyUnreachable } from "../latent/unreachable.ts";
import { decodeCurrent } from "./current.ts";
import { drawSamples } from "./draw.ts";
import { encodeRegion } from "./encode.ts";
import { ModelOnScreen } from "./load-model.ts";
import { readCase } from "./read-case.ts";
import type { HasFailed, Stage } from "./stage.ts";
import { awaitsStartModel, StartModel } from "./start-model.ts";

/**
 * Keeps what is on the screen in step with what is wanted: after every change each stage compares the key of what it
 * has with the key of what is wanted, and runs where they differ. Nothing else starts work.
 */
export class Pipeline {
  readonly model: ModelOnScreen;
  /** Answers until the first model is loaded. */
  private readonly light = new StartModel();
  /** The engine gives the line to what the sliders need, as long as nothing else is wanted. */
  private lightIsComing = false;
  private readonly store: ExplorerStore;
  private readonly current: OncePerFrame;
  private readonly tasks = new Map<JobName, KeyedTask>();
  private readonly steps: readonly ((state: State) => void)[];
  private readonly unsubscribe: () => void;

  constructor(store: ExplorerStore, ports: Ports, library: Library) {
    this.store = store;
    this.model = new ModelOnScreen(store, ports, library);
    const bench = {
      store,
      model: () => this.model.loaded ?? this.light.current,
      engineIsThere: () => this.model.loaded !== null,
    };
    this.current = decodeCurrent(bench, ports);
    this.steps = [
      this.stage(readCase(store, library)),
      this.stage(this.model, (state) => !(this.lightIsComing && encodedIsFresh(state))),
      (state) => this.mendZ(state),
      this.stage(
        encodeRegion(bench, () => this.model.report()),
        (state) => this.model.loaded !== null || this.light.knows(encodeKey(state)),
      ),
      this.stage(drawSamples(bench), canDraw),
      () => this.current.follow(),
      ...[findModes(bench), findEnds(bench), measureEffects(bench), fillPlane(bench, ports.now)].map((stage) =>
        this.stage(stage, canDraw),
      ),
      this.stage(placeGraders(bench), (state) => this.model.loaded !== null && canDraw(state)),
    ];
    this.unsubscribe = store.subscribe(() => this.follow());
    if (awaitsStartModel(store.getState(), ports)) {
      this.lightIsComing = true;
      void this.light.begin(store.getState(), ports, () => {
        this.lightIsComing = false;
        this.follow();
      });
    }
    this.follow();
  }

  dispose(): void {
    this.unsubscribe();
    for (const task of this.tasks.values()) task.stop();
    this.light.end();
    this.model.dispose();
  }

  /** Ends the work that is shown as running. */
  cancel(job: JobName): void {
    this.tasks.get(job)?.cancel();
  }

  /** Tries again what failed or was cancelled; a worker that was given up is started anew. */
  retry(): void {
    const { failures } = this.store.getState();
    const lost = [...this.tasks.keys()].some((job) => failures[job]?.error.tag === "WorkerLost");
    this.current.retry();
    for (const task of this.tasks.values()) task.retry();
    if (lost) this.model.reload();
  }

  /** `may`: whether there is what it works with. */
  private stage(stage: Stage, may: (state: State) => boolean = () => true): (state: State) => void {
    const task = new KeyedTask(this.store, stage.job, stage.what);
    this.tasks.set(stage.job, task);
    const hasFailed: HasFailed = (key) => task.hasFailed(key);
    return (state) => {
      const wanted = may(state) ? stage.wanted(state, hasFailed) : null;
      task.want(wanted, stage.have(state), (work, say) => stage.run(wanted as string, state, work, say));
    };
  }

  /** A z that cannot be had, out of a link, a session or another slice, becomes the prior mean, and the person is told. */
  private mendZ(state: State): void {
    const why = whyUnreachable(state, (key) => this.tasks.get("posterior")?.hasFailed(key) ?? false);
    if (why === null) return;
    this.store.settle((intent) => ({ ...intent, z: { ...intent.z, source: { kind: "mean" } } }));
    tell(this.store, "alert", why);
  }

  private following = false;
  private again = false;

  /** Stages change the state while they start: one pass at a time, and another where something changed meanwhile. */
  private follow(): void {
    this.again = true;
    if (this.following) return;
    this.following = true;
    if (this.model.loaded) this.light.end();
    while (this.again) {
      this.again = false;
      const state = this.store.getState();
      for (const step of this.steps) step(state);
    }
    this.following = false;
  }
}
