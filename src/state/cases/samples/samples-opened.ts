import { say, sayAll, type Text } from "../../../core/language/say.ts";
import { configOfSamples } from "../../../core/samples/sample-model.ts";
import type { SampleSet } from "../../../core/samples/sample-set.ts";
import type { Pack } from "../../../io/pack/pack.ts";
import type { MethodSamples } from "../../../io/samples/method-samples.ts";
import type { CaseId } from "../../app/identity.ts";
import { MOST_SAMPLES } from "../../app/intent.ts";
import { tell } from "../../app/notices.ts";
import type { ExplorerStore } from "../../app/store.ts";
import { addModel } from "../../models/known.ts";
import type { Library } from "../library.ts";
import { noSliceYet, samplesOfOwnRows, samplesOfPack, samplesOnCase, type TakenSamples } from "./take-samples.ts";

/** Samples of methods that were opened: each method comes into the menu of models, and the first is shown. */
export class SamplesOpened {
  private readonly store: ExplorerStore;
  private readonly library: Library;
  private readonly onModel: (name: string) => boolean;
  /** Whether the samples that came last say nothing of where they lie. */
  unplaced = false;

  /** `onModel`: what was opened may stand beside others; true where it does. */
  constructor(store: ExplorerStore, library: Library, onModel: (name: string) => boolean) {
    this.store = store;
    this.library = library;
    this.onModel = onModel;
  }

  /** They go onto the case that was on the screen when they were dropped. */
  async onto(
    samples: readonly MethodSamples[],
    from: { readonly caseId: CaseId | null; readonly index: number },
  ): Promise<CaseId> {
    const found = from.caseId === null ? undefined : this.store.getState().cases.get(from.caseId);
    if (!found) throw noSliceYet();
    const taken: TakenSamples[] = [];
    for (const one of samples) taken.push(await samplesOnCase(one, found, from.index, this.library));
    this.unplaced = taken.some(({ placed }) => !placed);
    const notes: Text[] = taken.flatMap((one) => one.notes);
    if (this.unplaced) notes.push(say`A reload does not bring them back, as nothing in them says where they lie`);
    this.show(
      taken.map(({ set }) => set),
      notes,
    );
    return found.id;
  }

  /** They came together with the case: each row of their arrays is one of its pictures where it is a set of cases. */
  async beside(samples: readonly MethodSamples[], caseId: CaseId, superseded: () => boolean): Promise<void> {
    const found = this.store.getState().cases.get(caseId);
    if (!found) return;
    const sets: SampleSet[] = [];
    const notes: Text[] = [];
    for (const one of samples) {
      const [array] = one.arrays;
      if (array && found.frames > 1 && array.from.file === found.stack?.name) {
        const own = array.from.methods.filter(({ method }) => method === one.method);
        sets.push(...(await samplesOfOwnRows({ ...array.from, methods: own }, found)));
      } else {
        const taken = await samplesOnCase(one, found, found.frame, this.library);
        sets.push(taken.set);
        notes.push(...taken.notes);
      }
    }
    if (!superseded()) this.show(sets, notes);
  }

  /** They lie in a pack that was opened; what their methods are called. None of them is shown. */
  async ofPack(pack: Pack, shelf: string): Promise<readonly string[]> {
    const methods = await samplesOfPack(pack, shelf);
    for (const set of methods) this.name(set);
    return methods.map(({ name }) => name);
  }

  /** The first of them is shown, unless it stands beside others, all of its samples in the strip. */
  private show(sets: readonly SampleSet[], notes: readonly Text[]): void {
    const names = sets.map((set) => this.name(set));
    const [[first, set] = []] = names.map((name, at) => [name, sets[at]] as const);
    if (first === undefined || set === undefined) return;
    const beside = this.onModel(first);
    if (!beside) {
      const count = Math.min(MOST_SAMPLES, set.count);
      this.store.want((intent) => ({ ...intent, model: first, count, z: { source: { kind: "mean" }, locks: {} } }));
    }
    const listed = sayAll(names.map((name, at) => say`${name} (${sets[at]?.count ?? 0} samples)`));
    const one = beside ? say`${listed} stands beside the others` : say`${listed} is in the menu of models`;
    const said = [names.length === 1 ? one : say`${listed} are in the menu of models`, ...notes];
    tell(this.store, "status", say`${sayAll(said, ". ")}.`);
  }

  /** Its name in the menu of models. */
  private name(set: SampleSet): string {
    const choice = addModel(this.store, set.name, (name) => configOfSamples({ ...set, name }));
    this.library.addSamples(choice.name, { ...set, name: choice.name });
    return choice.name;
  }
}
