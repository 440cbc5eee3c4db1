import type { StoreApi } from "zustand/vanilla";
import type { ReadCase } from "../../../core/agreement/read-case.ts";
import { studyFigures } from "../../../core/agreement/study-figures.ts";
import { isAbort, throwIfAborted } from "../../../core/errors.ts";
import { type Message, say } from "../../../core/language/say.ts";
import { thresholdsText } from "../../../core/lesion/decisions.ts";
import { thinned } from "../../../core/measures/pick-cases.ts";
import type { Task } from "../../../core/network/encoding.ts";
import type { Pack } from "../../../io/pack/pack.ts";
import { namePersons, packCase, packReaders } from "../../../io/pack/pack-readers.ts";
import { sentenceOf } from "../../app/notices.ts";
import type { Ports } from "../../app/ports.ts";
import type { State } from "../../app/shape.ts";
import type { ExplorerStore } from "../../app/store.ts";
import { InStep } from "../../app/work/in-step.ts";
import { KeyedTask } from "../../app/work/keyed-task.ts";
import type { Library } from "../../cases/library.ts";
import type { PackFacts } from "../pack-facts.ts";
import { type EvaluationState, type FailedCase, wantedCases } from "../slice.ts";

/** What became of a case: its readings, or why it has none. */
type Reading = { readonly read: ReadCase } | { readonly failed: FailedCase };

/**
 * Holds the readers of the chosen pack against each other while their view is shown: case after case, then figure after
 * figure, and the page has its turn between them. No model is needed. Cases that were read are not read again.
 */
export class AgreementOfReaders {
  private readonly explorer: ExplorerStore;
  private readonly evaluated: StoreApi<EvaluationState>;
  private readonly library: Library;
  private readonly nextTurn: Ports["nextTurn"];
  private readonly task: KeyedTask;
  private readonly inStep: InStep;
  /** By row, of one pack. */
  private known: { readonly key: string; readonly cases: Map<number, Reading> } = { key: "", cases: new Map() };

  constructor(
    explorer: ExplorerStore,
    evaluated: StoreApi<EvaluationState>,
    library: Library,
    { nextTurn }: Pick<Ports, "nextTurn">,
  ) {
    this.explorer = explorer;
    this.evaluated = evaluated;
    this.library = library;
    this.nextTurn = nextTurn;
    this.task = new KeyedTask(explorer, "agreement", say`Comparing readers`);
    this.inStep = new InStep([explorer, evaluated], () => this.follow());
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
    const state = this.explorer.getState();
    const { pack, settings } = this.evaluated.getState();
    const chosen = pack?.shelf === settings.shelf ? pack : null; // else the list of another is being read
    const count = wantedCases(settings, chosen);
    const key = chosen && JSON.stringify([...packKey(chosen), count, ...orderOf(state)]);
    if (state.agreement && chosen && packKey(state.agreement.value.pack).join() !== packKey(chosen).join()) {
      this.explorer.setState({ agreement: null });
    }
    this.task.want(state.view === "agreement" ? key : null, this.explorer.getState().agreement?.key, (task) =>
      this.run(key as string, chosen as PackFacts, count, state, task),
    );
  }

  private async run(key: string, facts: PackFacts, count: number, state: State, task: Task): Promise<void> {
    const pack = await this.library.pack(facts.shelf);
    const readers = packReaders(pack.index);
    const known = this.casesOf(facts);
    const wanted = thinned(
      facts.cases.map((_, row) => row),
      count,
    );
    for (const [done, row] of wanted.entries()) {
      task.onProgress?.(done / wanted.length);
      if (known.has(row)) continue;
      await this.nextTurn();
      throwIfAborted(task.signal);
      known.set(row, await readingOf(pack, row, readers));
    }
    const found = wanted.map((row) => ({ row, reading: known.get(row) as Reading }));
    const read = found.flatMap(({ row, reading }) => ("read" in reading ? [{ row, one: reading.read }] : []));
    const failed = found.flatMap(({ reading }) => ("failed" in reading ? [reading.failed] : []));
    const persons = namePersons(readers);
    const study = {
      unit: "slice" as const,
      cases: read.map(({ one }) => one),
      readers,
      named: persons || state.sameReaders,
    };
    const pause = async () => {
      await this.nextTurn();
      throwIfAborted(task.signal);
    };
    const figures = await studyFigures(study, state.lesionThresholds.thresholds, pause);
    throwIfAborted(task.signal);
    const notes = failed.length === 0 ? figures.notes : [...figures.notes, unread(failed)];
    const value = {
      ...{ pack: facts, file: pack.name, study, persons, failed },
      rows: read.map(({ row }) => row),
      figures: { ...figures, notes },
    };
    this.explorer.setState({ agreement: { key, value } });
  }

  private casesOf(facts: PackFacts): Map<number, Reading> {
    const key = packKey(facts).join();
    if (this.known.key !== key) this.known = { key, cases: new Map() };
    return this.known.cases;
  }
}

function packKey({ shelf, key }: PackFacts): readonly string[] {
  return [shelf, key];
}

/** What else the figures depend on. */
function orderOf({ sameReaders, lesionThresholds }: State): readonly unknown[] {
  return [sameReaders, thresholdsText(lesionThresholds.thresholds)];
}

async function readingOf(pack: Pack, row: number, readers: readonly string[]): Promise<Reading> {
  try {
    return { read: packCase(await pack.open(row), readers) };
  } catch (error) {
    if (isAbort(error)) throw error;
    return { failed: { row, id: pack.index.cases[row]?.id ?? String(row + 1), sentence: sentenceOf(error) } };
  }
}

function unread(failed: readonly FailedCase[]): Message {
  const cases = failed.map(({ id }) => id).join(", ");
  if (failed.length === 1) return say`1 case could not be read and is in no figure: ${cases}`;
  return say`${failed.length} cases could not be read and are in no figure: ${cases}`;
}
