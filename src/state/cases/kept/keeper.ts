import { inEnglish, say } from "../../../core/language/say.ts";
import type { Mask } from "../../../core/values/slice.ts";
import type { CaseId, FrameKey } from "../../app/identity.ts";
import { hashToIntent } from "../../app/link/link.ts";
import { tell } from "../../app/notices.ts";
import type { Case, State } from "../../app/shape.ts";
import type { ExplorerStore } from "../../app/store.ts";
import { withKnownModel } from "../../models/known.ts";
import { expectSlice, stopAwaiting } from "../catalogue.ts";
import type { Opening } from "../open.ts";
import { bringReadersBack } from "../readers.ts";
import { keepFiles, MOST_KEPT_BYTES } from "./keep-files.ts";
import { EXAMPLES_OPENING, type KeptPlace, KeptPlaces, tokenOf } from "./kept-places.ts";
import { masksOn, readersIn, workOf } from "./kept-readers.ts";
import type { KeptOpening, KeptStorage } from "./kept-storage.ts";

/** A moment after the last move: a dragged slider is written once. */
const PAUSE_MS = 300;

/**
 * Keeps what is open on this machine, so that a reload brings it back: the files, the view as the address says it, and
 * what readers drew. The tab that took a case up last is the one that keeps it.
 */
export class Keeper {
  private readonly store: ExplorerStore;
  private readonly storage: KeptStorage;
  private readonly opening: Opening;
  private readonly hash: () => string;
  private readonly places: KeptPlaces;
  /** Cases that another tab took up, by token. */
  private readonly lost = new Set<string>();
  /** Outlines that are kept as they are. */
  private readonly safe = new Map<FrameKey, ReadonlySet<Mask>>();
  /** Cases to which what was kept has come back. */
  private readonly brought = new Set<CaseId>();
  /** The view of each case as it was last written. */
  private readonly hashes = new Map<CaseId, string>();
  private here: CaseId | null = null;
  private waiting: ReturnType<typeof setTimeout> | undefined;
  private readonly unsubscribe: () => void;
  private readonly listed: Promise<void>;

  /** `hash`: the view as an address's. */
  constructor(store: ExplorerStore, storage: KeptStorage, opening: Opening, hash: () => string) {
    this.store = store;
    this.storage = storage;
    this.opening = opening;
    this.hash = hash;
    this.places = new KeptPlaces(() => store.getState());
    this.listed = this.list().then(() => this.recall());
    storage.onClaimed((token) => this.yield(token));
    this.unsubscribe = store.subscribe((state, before) => {
      const { intent, readers, drawings, blinding, cases } = before;
      const same = state.intent === intent && state.readers === readers && state.drawings === drawings;
      if (same && state.blinding === blinding && state.cases === cases) return;
      if (state.intent.caseId !== before.intent.caseId) this.flush();
      this.enter(state);
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.flush(), PAUSE_MS);
    });
  }

  /** Files that the person opened became this case, or part of it. */
  async took(caseId: CaseId, files: readonly File[]): Promise<void> {
    await this.listed;
    const known = this.places.idOf(caseId);
    const id = known ?? crypto.randomUUID();
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    if (id === EXAMPLES_OPENING || !this.keeps()) return;
    const title = this.store.getState().entries.find((entry) => entry.id === caseId);
    const name = title?.pack ? title.group : (title?.title ?? "");
    if (bytes > MOST_KEPT_BYTES) return tell(this.store, "status", say`${name} is too large to be kept over a reload.`);
    try {
      await keepFiles(this.storage, id, inEnglish(name), files, bytes);
      this.places.add(caseId, id);
      this.here = null;
      this.enter(this.store.getState());
      this.flush();
      await this.list();
    } catch {
      this.refuse();
    }
  }

  /** Opens what is kept of the slice whose sha256 begins with `own`, as `hash` says; false where nothing is kept of it. */
  async reopenSlice(own: string, hash: string): Promise<boolean> {
    await this.listed;
    for (const opening of this.store.getState().onMachine.openings) {
      const found = Object.entries(opening.works).find(([, work]) => hashToIntent(work.hash).own === own);
      if (found) return this.reopen(opening.id, found[0], hash);
    }
    return false;
  }

  /** Opens what is kept, at a case of it, with the view that `hash` says; false where it could not be read. */
  async reopen(id: string, place?: string, hash?: string): Promise<boolean> {
    const opening = this.store.getState().onMachine.openings.find((one) => one.id === id);
    const at = place ?? Object.keys(opening?.works ?? {})[0];
    const linked = hashToIntent(hash ?? (at === undefined ? "" : (opening?.works[at]?.hash ?? "")));
    let first: CaseId | null = null;
    try {
      for (const files of await this.storage.files(id)) {
        const masksAre = first === null ? "slice" : "graders"; // what came after the first drop became part of it
        if (first === null && linked.own !== null) expectSlice(this.store, linked.own, linked.intent);
        const became: CaseId | null = await this.opening.openFiles(files, masksAre);
        first ??= became;
      }
    } catch {
      this.refuse();
    }
    if (first === null) {
      stopAwaiting(this.store);
      return false;
    }
    const shelf = this.store.getState().entries.find((entry) => entry.id === first)?.pack?.shelf;
    this.places.add(first, id);
    if (shelf !== undefined && at !== undefined) {
      const known = withKnownModel(this.store, linked.intent);
      await this.opening.openCase(`${shelf}:${at}` as CaseId, (now) => ({ ...now, ...known }));
    }
    this.here = null;
    this.enter(this.store.getState());
    return true;
  }

  /** Whether anything is kept from now on. Off: what was kept goes, and what is on the screen stays. */
  async keep(on: boolean): Promise<void> {
    if (!on) await this.forgetAll();
    await this.tried(() => this.storage.choose("keeping", on ? null : "off"));
    this.store.setState(({ onMachine }) => ({ onMachine: { ...onMachine, keeping: on } }));
  }

  async forget(id: string): Promise<void> {
    await this.tried(() => this.storage.forget(id));
    this.places.forget(id);
    for (const key of this.safe.keys()) if (!this.places.ofFrame(key)) this.safe.delete(key);
    await this.list();
  }

  /** What is on the screen stays, and is kept no more. */
  async forgetAll(): Promise<void> {
    clearTimeout(this.waiting);
    await this.tried(() => this.storage.forgetAll());
    this.places.forgetCases();
    this.safe.clear();
    await this.list();
  }

  /** Whether leaving now would lose outlines. */
  wouldLose(): boolean {
    this.flush();
    const drawn = [...this.store.getState().drawings.values()].flatMap((mine) => [...mine]);
    return drawn.some(([key, mask]) => !this.safe.get(key)?.has(mask));
  }

  /** Writes what has changed, at once. */
  flush(): void {
    clearTimeout(this.waiting);
    const state = this.store.getState();
    const found = this.here === null ? undefined : state.cases.get(this.here);
    const at = found && this.places.of(found);
    if (!found || !at || this.lost.has(tokenOf(at)) || !this.keeps()) return;
    const masks = masksOn(state, found);
    const onScreen = state.intent.caseId === found.id;
    const before = state.onMachine.openings.find(({ id }) => id === at.id)?.works[at.place]?.hash;
    const hash = onScreen ? this.hash() : (this.hashes.get(found.id) ?? before ?? "");
    this.hashes.set(found.id, hash);
    if (
      at.id === EXAMPLES_OPENING &&
      masks.size === 0 &&
      ![...this.safe.keys()].some((key) => key.startsWith(found.id))
    )
      return; // an example's view is in the address
    for (const [key, drawn] of masks) this.safe.set(key, drawn);
    void this.tried(() => this.storage.keepWork(at.id, at.place, { hash, ...workOf(state, found) }));
  }

  dispose(): void {
    this.unsubscribe();
    clearTimeout(this.waiting);
  }

  /** Another case came onto the screen: this tab keeps it from now on, and what was drawn on it before comes back. */
  private enter(state: State): void {
    const { caseId } = state.intent;
    const found = caseId === null ? undefined : state.cases.get(caseId);
    if (!found || this.here === found.id) return;
    const at = this.places.of(found);
    if (!at) return;
    this.here = found.id;
    this.lost.delete(tokenOf(at));
    this.storage.claim(tokenOf(at));
    void this.listed.then(() => this.bringBack(found, at));
  }

  private bringBack(found: Case, at: KeptPlace): void {
    if (this.brought.has(found.id)) return; // what was taken away since is not to come back
    this.brought.add(found.id);
    const state = this.store.getState();
    const kept = state.onMachine.openings.find(({ id }) => id === at.id)?.works[at.place];
    if (!kept) return;
    const back = readersIn(kept, found.id);
    for (const [key, mask] of back.flatMap(({ outlines }) => outlines))
      this.safe.set(key, new Set(this.safe.get(key)).add(mask));
    if (back.length > 0) bringReadersBack(this.store, found.id, back);
  }

  private yield(token: string): void {
    const state = this.store.getState();
    const mine = [...state.cases.values()].find((found) => {
      const at = this.places.of(found);
      return at !== null && tokenOf(at) === token;
    });
    if (!mine || this.lost.has(token)) return;
    this.lost.add(token);
    const loses = mine.own || masksOn(state, mine).size > 0;
    const told = say`${mine.title} is open in another tab now, and that one keeps its work; reload this page to take it up here.`;
    tell(this.store, loses ? "alert" : "status", told);
  }

  private keeps(): boolean {
    const { refused, keeping } = this.store.getState().onMachine;
    return keeping && !refused;
  }

  private async recall(): Promise<void> {
    const keeping = await this.storage.choice("keeping").catch(() => null);
    if (keeping === "off") this.store.setState(({ onMachine }) => ({ onMachine: { ...onMachine, keeping: false } }));
  }

  private async list(): Promise<void> {
    try {
      const openings: readonly KeptOpening[] = await this.storage.list();
      this.store.setState(({ onMachine }) => ({ onMachine: { ...onMachine, openings } }));
    } catch {
      this.store.setState(({ onMachine }) => ({ onMachine: { ...onMachine, refused: true, openings: [] } }));
    }
  }

  private async tried(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch {
      this.refuse();
    }
  }

  private refuse(): void {
    this.safe.clear();
    if (this.store.getState().onMachine.refused) return;
    this.store.setState(({ onMachine }) => ({ onMachine: { ...onMachine, refused: true, openings: [] } }));
    tell(this.store, "status", say`This browser keeps nothing for the page: what is open is gone when you leave it.`);
  }
}
