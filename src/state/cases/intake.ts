import { GraderspaceError } from "../../core/errors.ts";
import { say, sayAll, sayCount, type Text } from "../../core/language/say.ts";
import { REGION } from "../../core/values/region.ts";
import { markedSmall } from "../../core/values/slice.ts";
import type { Marks } from "../../io/marks/marks.ts";
import type { Opened } from "../../io/open/open.ts";
import type { Pack } from "../../io/pack/pack.ts";
import type { Session, SessionLesion } from "../../io/session/session.ts";
import type { Stack } from "../../io/stack/stack.ts";
import type { CaseId } from "../app/identity.ts";
import type { Intent } from "../app/intent.ts";
import { onCase } from "../app/intent.ts";
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
import { SamplesOpened } from "./samples/samples-opened.ts";
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
  /** Samples of methods that were opened. */
  readonly samples: SamplesOpened;
  private readonly store: ExplorerStore;
  private readonly library: Library;
  private readonly aside: Aside;
  /** Marks are laid over one after the other: each on what the one before left. */
  private laying: Promise<void> = Promise.resolve();

  constructor(store: ExplorerStore, library: Library, aside: Aside) {
    this.store = store;
    this.library = library;
    this.aside = aside;
    this.samples = new SamplesOpened(store, library, aside.onModel);
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
  async take(opened: Opened, request: CaseRequest, note: Text | null): Promise<CaseId | null> {
    switch (opened.kind) {
      case "image": {
        const id = await this.takeImage(opened.stack, opened.session ?? null, request, note);
        if (opened.samples) await this.samples.beside(opened.samples, id, () => request.superseded());
        return id;
      }
      case "marks": {
        const id = await this.takeMarks(opened.marks, opened.notes, request);
        if (opened.samples) await this.samples.onto(opened.samples, request.from);
        return id;
      }
      case "session":
        await this.takeSession(opened.session, request);
        return null;
      case "model":
        await this.takeModel(opened.model);
        return null;
      case "samples":
        return this.samples.onto(opened.samples, request.from);
      case "pack":
        return this.takePack(opened.pack, opened.notes ?? [], request);
    }
  }

  private async takePack(pack: Pack, notes: readonly string[], request: CaseRequest): Promise<CaseId | null> {
    const entries = this.library.addPack(pack);
    listCases(this.store, entries, "last");
    const first = entries[0];
    if (first && !request.superseded()) {
      stopAwaiting(this.store);
      await this.showListed(first.id, (intent) => intent, request);
    }
    const shelf = entries[0]?.pack?.shelf;
    const methods = shelf === undefined ? [] : await this.samples.ofPack(pack, shelf);
    const what = say`${pack.name} is a pack of ${entries.length} cases: ${pack.index.title}`;
    const also = methods.length === 0 ? "" : say` In the menu of models: ${methods.join(", ")}.`;
    tell(this.store, "status", sayAll([say`${what}. They are in the menu of cases.${also}`, ...notes], " "));
    return first?.id ?? null;
  }

  private async takeImage(
    stack: Stack,
    session: Session | null,
    request: CaseRequest,
    note: Text | null,
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
      tell(this.store, "status", say`${found.title} is open too: it is in the menu of cases.`);
      return found.id;
    }
    if (fits || session) stopAwaiting(this.store);
    const drawn = session ? drawnInSession(session) : fits ? awaited.drawn : [];
    takeReaders(this.store, found.id, start, drawn);
    const lesion = session ? session.lesion : fits ? awaited.lesion : null;
    if (lesion) this.aside.onLesion(lesion);
    const said: Text[] = [...(note ? [note] : []), ...stack.notes, ...(stack.notesOf?.(start) ?? [])];
    if (said.length === 0)
      said.push(say`Opened ${stack.name}${graders.length > 0 ? say` with ${graders.length} graders` : ""}`);
    const canMove = Math.max(slice.width, slice.height) > REGION;
    if (graders.length === 0 && !asked && canMove) said.push(say`Drag the box in the slice onto the lesion`);
    if (awaited && !fits && !session) said.push(say`It is not the slice that the link or session is about`);
    tell(this.store, "status", say`${sayAll(said, ". ")}.`);
    return found.id;
  }

  /** Marks go onto the case that was on the screen when they were dropped. */
  takeMarks(marks: readonly Marks[], notes: readonly Text[], { from }: CaseRequest): Promise<CaseId> {
    const laid = this.laying.then(async () => {
      const found = from.caseId === null ? undefined : this.store.getState().cases.get(from.caseId);
      if (!found)
        throw new GraderspaceError("BadArgument", {
          problem: say`there is no slice yet to lay the marks on`,
          remedy: say`open the slice first`,
        });
      const { next, notes: said } = await withMarksOn(found, marks, from.index);
      const frame = frameOf(next.id, from.index, await next.read(from.index));
      replaceCase(this.store, next, frame);
      const drew = frame.graders.filter(({ mask }) => mask !== null).length;
      const small = frame.graders.filter(markedSmall).length;
      const points = small > 0 ? say`, ${small} marked a nodule under 3 mm by a point` : "";
      const all = frame.graders.length;
      const count = say`${sayCount(all, { one: "# grader", other: "# graders" })} read; ${drew} drew on this slice${points}.`;
      tell(this.store, "status", sayAll([...notes, ...said, count], " "));
      return next.id;
    });
    this.laying = laid.then(
      () => undefined,
      () => undefined,
    );
    return laid;
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
      tell(this.store, "status", say`The session's view is restored.`);
      if (session.lesion) this.aside.onLesion(session.lesion);
      return;
    }
    const wanted = say`that is not open; open that file now, and its view comes back`;
    const sentence = say`This session is about a slice of ${width} × ${height} pixels ${wanted}.`;
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
        problem: say`${config.name} works on regions of ${size} × ${size} pixels, and the page shows ${REGION} × ${REGION}`,
        remedy: say`use it on the command line, or open it from Learn`,
      });
    }
    const choice = addModel(this.store, model.name, () => config);
    const { name } = choice;
    this.library.addModel(choice, model.weights);
    const beside = this.aside.onModel(name);
    if (!beside) this.store.want((intent) => ({ ...intent, model: name, z: { source: { kind: "mean" }, locks: {} } }));
    tell(
      this.store,
      "status",
      beside ? say`${name} stands beside the others.` : say`${name} is in the menu of models.`,
    );
  }
}

/** A frame that the case does not have gives way to the one that it is shown with first. */
function withFrameOf({ frames, frame }: Case, intent: Intent): Intent {
  return intent.frame < frames ? intent : { ...intent, frame };
}
