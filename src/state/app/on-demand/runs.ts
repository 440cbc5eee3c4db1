import { say } from "../../../core/language/say.ts";
import { ArchiveDesk } from "../../archive/desk.ts";
import { Outbox } from "../../archive/outbox.ts";
import type { Library } from "../../cases/library.ts";
import type { Opening } from "../../cases/open.ts";
import { Comparison } from "../../compare/run.ts";
import { AgreementOfReaders } from "../../evaluate/agreement/run.ts";
import { Evaluation } from "../../evaluate/evaluation.ts";
import { LesionsThroughPack } from "../../evaluate/lesions/run.ts";
import { TeachRun } from "../../evaluate/teach/teach-run.ts";
import type { ModelOnScreen } from "../../explore/pipeline/load-model.ts";
import { LevelsOnScreen } from "../../learn/levels-on-screen.ts";
import { ReaderThroughSlices } from "../../lesion/reader.ts";
import { LesionThroughSlices } from "../../lesion/run.ts";
import { removeModel } from "../../models/known.ts";
import { TrainingRun } from "../../train/training-run.ts";
import { tell } from "../notices.ts";
import type { Ports } from "../ports.ts";
import type { ExplorerStore } from "../store.ts";
import type { JobName } from "../work/job.ts";

export type Runs = ReturnType<typeof createRuns>;

/** What the explorer has made already, for the work beside it. */
interface Beside {
  readonly store: ExplorerStore;
  readonly ports: Ports;
  readonly library: Library;
  readonly opening: Opening;
  readonly model: ModelOnScreen;
}

/**
 * The work behind every place but the explorer, and behind an archive. Its code comes when the first of them is looked at:
 * what it keeps in step with the state it takes up where the state is by then.
 */
export function createRuns({ store, ports, library, opening, model }: Beside) {
  const [loaded, port] = [() => model.loaded, () => model.start()];
  const reader = new ReaderThroughSlices(store, ports, loaded);
  const lesion = new LesionThroughSlices(store, ports, loaded, (key, slice, prepared) =>
    reader.keep(key, slice, prepared),
  );
  const levels = new LevelsOnScreen(store, loaded);
  const evaluation = new Evaluation(store, ports, library, port);
  const agreement = new AgreementOfReaders(store, evaluation.store, library, ports);
  const lesions = new LesionsThroughPack(store, evaluation.store, library, ports, port);
  const teaching = new TeachRun(store, evaluation.store, library, ports);
  const training = new TrainingRun(ports);
  const comparison = new Comparison(store, library, port);
  const archive = new ArchiveDesk(store, ports, opening);
  const outbox = new Outbox(archive);
  const cancels: Partial<Record<JobName, () => void>> = {
    lesion: () => lesion.cancel(),
    reader: () => reader.cancel(),
    evaluate: () => evaluation.cancel(),
    agreement: () => agreement.cancel(),
    lesions: () => lesions.cancel(),
    inside: () => levels.cancel(),
    teach: () => teaching.forget(),
    archive: () => archive.cancelLoading(),
  };
  return {
    evaluation,
    teaching,
    training,
    comparison,
    lesions,
    archive,
    outbox,
    /** Ends a job, where it is one of these. */
    cancel: (job: JobName) => cancels[job]?.(),
    retry(): void {
      for (const run of [lesion, reader, levels, agreement, lesions]) run.retry();
    },
    /** Puts what was taught into the menu of models, and shows it. */
    async keepTaught(): Promise<void> {
      if (teaching.store.getState().keptAs !== null) return;
      const { name, bytes } = await teaching.saved();
      const before = store.getState().models;
      await opening.openFiles([new File([bytes as BlobPart], name)]);
      const added = store.getState().models.find((one) => !before.includes(one));
      if (added) teaching.wasKept(added.name);
    },
    /** Forgets a teaching, what it found, and what was kept of it. */
    forgetTaught(): void {
      const { keptAs, asked } = teaching.store.getState();
      const { compare } = store.getState();
      teaching.forget();
      if (keptAs === null || !asked) return;
      if (compare.systems.includes(keptAs))
        tell(store, "status", say`${keptAs} stands in Compare and stays in the menu.`);
      else removeModel(store, keptAs, asked.model);
    },
    dispose(): void {
      for (const run of [archive, lesion, reader, levels, agreement, lesions, teaching, evaluation, comparison])
        run.dispose();
    },
  };
}
