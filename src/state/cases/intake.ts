import { GraderspaceError } from "../../core/errors.ts";
import { configOfSamples } from "../../core/samples/sample-model.ts";
import type { SampleSet } from "../../core/samples/sample-set.ts";
import { REGION } from "../../core/values/region.ts";
import { markedSmall } from "../../core/values/slice.ts";
import type { Marks } from "../../io/marks/marks.ts";
import type { Opened } from "../../io/open/open.ts";
import type { Pack } from "../../io/pack/pack.ts";
import type { MethodSamples } from "../../io/samples/method-samples.ts";
import type { Session, SessionLesion } from "../../io/session/session.ts";
import type { Stack } from "../../io/stack/stack.ts";
import type { CaseId } from "../app/identity.ts";
import type { Intent } from "../app/intent.ts";
import { MOST_SAMPLES, onCase } from "../app/intent.ts";
import { tell } from "../app/notices.ts";
import type { Case, Frame } from "../app/shape.ts";
import type { ExplorerStore } from "../app/store.ts";
import { addModel, withKnownModel } from "../models/known.ts";
import { frameOf } from "./case.ts";
import { awaitSlice, listCases, stopAwaiting } from "./catalogue.ts";
import { keepFrame, readFrame, replaceCase } from "./frames.ts";
import type { Library } from "./library.ts";
import { takeReaders } from "./readers.ts";
import { centreOf, withMarksOn, withWindow, wrongSlice } from "./reading.ts";
import {
  noSliceYet,
  samplesOfOwnRows,
  samplesOfPack,
  samplesOnCase,
  type TakenSamples,
} from "./samples/take-samples.ts";
import { drawnInSession, intentOfSession } from "./session.ts";

/** Somebody asked for a case to be shown; where another was asked for since, `superseded` says so. */
export interface CaseRequest {
  /** Where the person was when it was asked for: marks go there. */
  readonly from: { readonly caseId: CaseId | null; readonly index: number };
  superseded(): boolean;
}

/** What else changes where something was opened. */
export interface Aside {
  /** A case came on the screen. */
  readonly onShown: () => void;
  /** A model that was opened may stand beside others; true where it does. */
  readonly onModel: (name: string) => boolean;
  /** The slice on the screen is the one that a lesion of a session was followed from. */
  readonly onLesion: (lesion: SessionLesion) => void;
}

/** What was opened becomes a case, marks on one, a view, a model or a pack, and is said; what was asked for last is shown. */
export class Intake {
  private readonly store: ExplorerStore;
  private readonly library: Library;
  private readonly aside: Aside;
  /** Marks are laid over one after the other: each on what the one before left. */
  private laying: Promise<void> = Promise.resolve();

  constructor(store: ExplorerStore, library: Library, aside: Aside) {
    this.store = store;
    this.library = library;
    this.aside = aside;
  }

  /** Shows a case of the menu, as `change` makes the view. */
  async showListed(id: CaseId, change: (intent: Intent) => Intent, request: CaseRequest): Promise<void> {
    const found = this.store.getState().cases.get(id) ?? (await this.library.read(id));
    const wanted = (intent: Intent) => withFrameOf(found, change(onCase(intent, found)));
    const frame = await readFrame(this.store, found, wanted(this.store.getState().intent).frame);
    this.show(found, frame, wanted, request);
  }

  /** Whether it was shown: not where something else was asked for since. */
  private show(found: Case, frame: Frame, change: (intent: Intent) => Intent, request: CaseRequest): boolean {
    if (request.superseded()) return false;
    this.aside.onShown();
    keepFrame(this.store, found, frame);
    this.store.want((now) => ({ ...withWindow(change(now), frame.slice), caseId: found.id, frame: frame.index }));
    return true;
  }

  /** The case that it became, or became part of; null where it is of none. */
  async take(opened: Opened, request: CaseRequest, note: string | null): Promise<CaseId | null> {
    switch (opened.kind) {
      case "image": {
        const id = await this.takeImage(opened.stack, opened.session ?? null, request, note);
        if (opened.samples) await this.takeSamplesOf(opened.samples, id, request);
        return id;
      }
      case "marks": {
        const id = await this.takeMarks(opened.marks, opened.notes, request);
        if (opened.samples) await this.takeSamples(opened.samples, request);
        return id;
      }
      case "session":
        await this.takeSession(opened.session, request);
        return null;
      case "model":
        await this.takeModel(opened.model);
        return null;
      case "samples":
        return this.takeSamples(opened.samples, request);
      case "pack":
        return this.takePack(opened.pack, request);
    }
  }

  private async takePack(pack: Pack, request: CaseRequest): Promise<CaseId | null> {
    const entries = this.library.addPack(pack);
    listCases(this.store, entries, "last");
    const first = entries[0];
    if (first && !request.superseded()) {
      stopAwaiting(this.store);
      await this.showListed(first.id, (intent) => intent, request);
    }
    const shelf = entries[0]?.pack?.shelf;
    const methods = shelf === undefined ? [] : await samplesOfPack(pack, shelf);
    for (const set of methods) this.name(set);
    const what = `${pack.name} is a pack of ${entries.length} cases: ${pack.index.title}`;
    const also = methods.length === 0 ? "" : ` In the menu of models: ${methods.map(({ name }) => name).join(", ")}.`;
    tell(this.store, "status", `${what}. They are in the menu of cases.${also}`);
    return first?.id ?? null;
  }

  private async takeImage(
    stack: Stack,
    session: Session | null,
    request: CaseRequest,
    note: string | null,
  ): Promise<CaseId> {
    const { awaited } = this.store.getState();
    const wanted = session ? intentOfSession(session) : null;
    const start = Math.min(stack.frames - 1, wanted?.frame ?? awaited?.intent.frame ?? stack.start);
    const slice = await stack.slice(start);
    const graders = (await stack.graders?.(start)) ?? [];
    const found = this.library.open(stack, start, centreOf(slice, graders));
    const frame = frameOf(found.id, start, { slice, graders });
    const fits = awaited !== null && frame.sha256().startsWith(awaited.hash);
    if (session && session.slice.sha256 !== frame.sha256()) throw wrongSlice(stack.name);
    const asked = session ? wanted : fits ? awaited.intent : null;
    listCases(this.store, [found], "last");
    keepFrame(this.store, found, frame);
    const change = (intent: Intent) => ({
      ...onCase(intent, found),
      ...(asked ? withKnownModel(this.store, asked) : {}),
    });
    if (!this.show(found, frame, change, request)) {
      tell(this.store, "status", `${found.title} is open too: it is in the menu of cases.`);
      return found.id;
    }
    if (fits || session) stopAwaiting(this.store);
    const drawn = session ? drawnInSession(session) : fits ? awaited.drawn : [];
    takeReaders(this.store, found.id, start, drawn);
    const lesion = session ? session.lesion : fits ? awaited.lesion : null;
    if (lesion) this.aside.onLesion(lesion);
    const said = [...(note ? [note] : []), ...stack.notes, ...(stack.notesOf?.(start) ?? [])];
    if (said.length === 0)
      said.push(`Opened ${stack.name}${graders.length > 0 ? ` with ${graders.length} graders` : ""}`);
    const canMove = Math.max(slice.width, slice.height) > REGION;
    if (graders.length === 0 && !asked && canMove) said.push("Drag the box in the slice onto the lesion");
    if (awaited && !fits && !session) said.push("It is not the slice that the link or session is about");
    tell(this.store, "status", `${said.join(". ")}.`);
    return found.id;
  }

  /** Marks go onto the case that was on the screen when they were dropped. */
  takeMarks(marks: readonly Marks[], notes: readonly string[], { from }: CaseRequest): Promise<CaseId> {
    const laid = this.laying.then(async () => {
      const found = from.caseId === null ? undefined : this.store.getState().cases.get(from.caseId);
      if (!found)
        throw new GraderspaceError("BadArgument", {
          problem: "there is no slice yet to lay the marks on",
          remedy: "open the slice first",
        });
      const { next, notes: said } = await withMarksOn(found, marks, from.index);
      const frame = frameOf(next.id, from.index, await next.read(from.index));
      replaceCase(this.store, next, frame);
      const drew = frame.graders.filter(({ mask }) => mask !== null).length;
      const small = frame.graders.filter(markedSmall).length;
      const points = small > 0 ? `, ${small} marked a nodule under 3 mm by a point` : "";
      const all = frame.graders.length;
      const count = `${all} ${all === 1 ? "grader" : "graders"} read; ${drew} drew on this slice${points}.`;
      tell(this.store, "status", [...notes, ...said, count].join(" "));
      return next.id;
    });
    this.laying = laid.then(
      () => undefined,
      () => undefined,
    );
    return laid;
  }

  /** Samples of methods go onto the case that was on the screen when they were dropped. */
  async takeSamples(samples: readonly MethodSamples[], { from }: CaseRequest): Promise<CaseId> {
    const found = from.caseId === null ? undefined : this.store.getState().cases.get(from.caseId);
    if (!found) throw noSliceYet();
    const taken: TakenSamples[] = [];
    for (const one of samples) taken.push(await samplesOnCase(one, found, from.index, this.library));
    this.unplaced = taken.some(({ placed }) => !placed);
    const notes = taken.flatMap((one) => one.notes);
    if (this.unplaced) notes.push("A reload does not bring them back, as nothing in them says where they lie");
    this.showSets(
      taken.map(({ set }) => set),
      notes,
    );
    return found.id;
  }

  /** Whether the samples that came last say nothing of where they lie. */
  unplaced = false;

  /** Samples that came together with the case: each row of their arrays is one of its pictures where it is a set of cases. */
  private async takeSamplesOf(samples: readonly MethodSamples[], caseId: CaseId, request: CaseRequest): Promise<void> {
    const found = this.store.getState().cases.get(caseId);
    if (!found) return;
    const sets: SampleSet[] = [];
    const notes: string[] = [];
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
    if (!request.superseded()) this.showSets(sets, notes);
  }

  /** The first of them is shown, unless it stands beside others, all of its samples in the strip. */
  private showSets(sets: readonly SampleSet[], notes: readonly string[]): void {
    const names = sets.map((set) => this.name(set));
    const [[first, set] = []] = names.map((name, at) => [name, sets[at]] as const);
    if (first === undefined || set === undefined) return;
    const beside = this.aside.onModel(first);
    if (!beside) {
      const count = Math.min(MOST_SAMPLES, set.count);
      this.store.want((intent) => ({ ...intent, model: first, count, z: { source: { kind: "mean" }, locks: {} } }));
    }
    const listed = names.map((name, at) => `${name} (${sets[at]?.count} samples)`).join(", ");
    const where = beside ? "stands beside the others" : "is in the menu of models";
    const said = [`${listed} ${names.length === 1 ? where : "are in the menu of models"}`, ...notes];
    tell(this.store, "status", `${said.join(". ")}.`);
  }

  /** Its name in the menu of models. */
  private name(set: SampleSet): string {
    const choice = addModel(this.store, set.name, (name) => configOfSamples({ ...set, name }));
    this.library.addSamples(choice.name, { ...set, name: choice.name });
    return choice.name;
  }

  /** A session restores its view where its slice is at hand; else it waits for the slice. */
  private async takeSession(session: Session, request: CaseRequest): Promise<void> {
    const state = this.store.getState();
    const intent = intentOfSession(session);
    const known = (now: Intent): Intent => ({ ...now, ...withKnownModel(this.store, intent) });
    const { sha256, width, height } = session.slice;
    const open = [...state.frames.values()].find((frame) => frame.sha256() === sha256);
    const id = open?.caseId ?? (await this.exampleWith(sha256));
    if (id !== null) {
      await this.showListed(id, (now) => ({ ...known(now), frame: open?.index ?? 0 }), request);
      if (request.superseded()) return;
      takeReaders(this.store, id, open?.index ?? 0, drawnInSession(session));
      tell(this.store, "status", "The session's view is restored.");
      if (session.lesion) this.aside.onLesion(session.lesion);
      return;
    }
    const wanted = "that is not open; open that file now, and its view comes back";
    const sentence = `This session is about a slice of ${width} × ${height} pixels ${wanted}.`;
    const beside = { drawn: drawnInSession(session), lesion: session.lesion ?? null };
    awaitSlice(this.store, sha256, intent, sentence, beside);
  }

  /** The built-in example with this slice; one that cannot be read is not it. */
  private async exampleWith(sha256: string): Promise<CaseId | null> {
    for (const { id } of await this.library.examples().catch(() => [])) {
      const frame = await this.library
        .read(id)
        .then((found) => readFrame(this.store, found, 0))
        .catch(() => null);
      if (frame?.sha256() === sha256) return id;
    }
    return null;
  }

  private async takeModel(model: {
    readonly name: string;
    readonly config: unknown;
    readonly weights: readonly Uint8Array[];
  }): Promise<void> {
    const { parseConfig } = await import("../../core/config/parse-config.ts");
    const config = parseConfig(model.config, "config.json");
    const { size } = config.preprocessing;
    if (size !== REGION) {
      throw new GraderspaceError("ModelConfig", {
        file: "config.json",
        problem: `${config.name} works on regions of ${size} × ${size} pixels, and the page shows ${REGION} × ${REGION}`,
        remedy: "use it on the command line, or open it from Learn",
      });
    }
    const choice = addModel(this.store, model.name, () => config);
    const { name } = choice;
    this.library.addModel(choice, model.weights);
    const beside = this.aside.onModel(name);
    if (!beside) this.store.want((intent) => ({ ...intent, model: name, z: { source: { kind: "mean" }, locks: {} } }));
    tell(this.store, "status", beside ? `${name} stands beside the others.` : `${name} is in the menu of models.`);
  }
}

/** A frame that the case does not have gives way to the one that it is shown with first. */
function withFrameOf({ frames, frame }: Case, intent: Intent): Intent {
  return intent.frame < frames ? intent : { ...intent, frame };
}
