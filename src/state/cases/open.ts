import { parseConfig } from "../../core/config/parse-config.ts";
import { GraderspaceError } from "../../core/errors.ts";
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
import type { Case, Frame, MaskMeaning } from "../app/shape.ts";
import type { ExplorerStore } from "../app/store.ts";
import { addModel, withKnownModel } from "../models/known.ts";
import { frameOf } from "./case.ts";
import { awaitSlice, listCases, stopAwaiting } from "./catalogue.ts";
import { keepFrame, readFrame, replaceCase } from "./frames.ts";
import type { Library } from "./library.ts";
import type { MaskQuestion } from "./mask-question.ts";
import { caseOnScreen } from "./on-screen.ts";
import { takeReaders } from "./readers.ts";
import { centreOf, sourceOf, withMarksOn, withWindow, wrongSlice } from "./reading.ts";
import { Readings } from "./readings.ts";
import { Residents } from "./resident.ts";
import { drawnInSession, intentOfSession } from "./session.ts";

/** Somebody asked for a case to be shown; where another was asked for since, `superseded` says so. */
interface Request {
  /** Where the person was when it was asked for: marks go there. */
  readonly from: { readonly caseId: CaseId | null; readonly index: number };
  superseded(): boolean;
}

/**
 * Opening files, cases and frames: each is read before anything on the screen changes, so a failure changes nothing.
 * Of several requests for a case the one made last is shown, however long the others take.
 */
export class Opening {
  private readonly store: ExplorerStore;
  private readonly library: Library;
  private readonly question: Pick<MaskQuestion, "ask">;
  private readonly onModel: (name: string) => boolean;
  private readonly onLesion: (lesion: SessionLesion) => void;
  private readonly residents = new Residents();
  private requests = 0;
  /** The frame that was asked for last and is not on the screen yet. */
  private asked: { readonly caseId: CaseId; readonly index: number } | null = null;
  private readonly readings: Readings;
  /** Marks are laid over one after the other: each on what the one before left. */
  private laying: Promise<void> = Promise.resolve();

  /**
   * `onModel`: a model that was opened may stand beside others; true where it does. `onLesion`: the slice on the screen
   * is the one that a lesion of a session was followed from.
   */
  constructor(
    store: ExplorerStore,
    library: Library,
    question: Pick<MaskQuestion, "ask">,
    onModel: (name: string) => boolean,
    onLesion: (lesion: SessionLesion) => void,
  ) {
    this.readings = new Readings(store);
    this.question = question;
    this.store = store;
    this.library = library;
    this.onModel = onModel;
    this.onLesion = onLesion;
  }

  /**
   * Works out what the files are, shows it, and says so; an error is a sentence, and the case on the screen stays.
   * The case that they became, or became part of; null where they are of none. A mask that may lie on the slice on the
   * screen is what `masksAre` says, or what the person answers.
   */
  async openFiles(files: readonly File[], masksAre?: MaskMeaning): Promise<CaseId | null> {
    const request = this.request();
    const what = `Reading ${files.length === 1 ? files[0]?.name : `${files.length} files`}`;
    let became: CaseId | null = null;
    let asked: ((meaning: MaskMeaning) => Promise<CaseId | null>) | null = null;
    await this.readings.run(what, async (stillWanted) => {
      const opened = this.resident(await read(files), files);
      const { marks, note } = await this.marksOnScreen(opened, request);
      stillWanted();
      const take = (meaning: MaskMeaning) =>
        meaning === "graders" && marks ? this.takeMarks(marks, [], request) : this.take(opened, request, note);
      const known = masksAre ?? (marks === null ? "slice" : files.length > 1 ? "graders" : null);
      if (known === null) asked = take;
      else became = await take(known);
    });
    if (asked === null) return became;
    const meaning = await this.question.ask(files[0]?.name ?? "");
    if (meaning === null) return null;
    const take: (meaning: MaskMeaning) => Promise<CaseId | null> = asked;
    await this.readings.run(what, async () => {
      became = await take(meaning);
    });
    return became;
  }

  /** What was opened, its numbers read again where those of too many others were read since. */
  private resident(opened: Opened, files: readonly File[]): Opened {
    if (opened.kind !== "image") return opened;
    return { ...opened, stack: this.residents.hold(opened.stack, () => stackOf(files)) };
  }

  /** What was opened as marks on the slice on the screen; null where it is a picture of its own, or lies elsewhere. */
  private async marksOnScreen(
    opened: Opened,
    { from }: Request,
  ): Promise<{ readonly marks: readonly Marks[] | null; readonly note: string | null }> {
    const found = from.caseId === null ? undefined : this.store.getState().cases.get(from.caseId);
    if (opened.kind !== "image" || !opened.asMarks || !found) return { marks: null, note: null };
    try {
      const marks = await opened.asMarks();
      if ((await withMarksOn(found, marks, from.index)).laid) return { marks, note: null };
      const note = `${opened.stack.name} looks like a mask that does not lie on ${found.title}, so it is a slice of its own`;
      return { marks: null, note };
    } catch (error) {
      if (error instanceof GraderspaceError) return { marks: null, note: null }; // too many labels: no graders
      throw error;
    }
  }

  /** Shows a case of the menu; what was waiting for another slice is given up. */
  async openCase(id: CaseId, change: (intent: Intent) => Intent = (intent) => intent): Promise<void> {
    const request = this.request();
    stopAwaiting(this.store);
    await this.readings.run("Reading the case", () => this.showListed(id, change, request));
  }

  /** Goes to a frame of the stack, once it is read; of quick turns of the wheel the last one wins. */
  async setFrame(index: number): Promise<void> {
    const found = caseOnScreen(this.store.getState());
    if (!found) return;
    const asked = { caseId: found.id, index: Math.max(0, Math.min(found.frames - 1, Math.round(index))) };
    this.asked = asked;
    await this.readings.run("Reading the slice", async (stillWanted) => {
      const frame = await readFrame(this.store, found, asked.index);
      stillWanted();
      if (this.asked !== asked || this.store.getState().intent.caseId !== found.id) return;
      keepFrame(this.store, found, frame);
      this.store.want((now) => ({ ...now, frame: asked.index, region: now.region ?? found.region }), "frame");
    });
    if (this.asked === asked) this.asked = null;
  }

  /** Goes some frames on, from the one that was asked for last. */
  turnFrame(by: number): Promise<void> {
    const { caseId, frame } = this.store.getState().intent;
    return this.setFrame((this.asked?.caseId === caseId ? this.asked.index : frame) + by);
  }

  /** Gives up what is being read; a case that was asked for is not shown any more. */
  cancel(): void {
    this.requests++;
    this.asked = null;
    this.readings.cancel();
  }

  private request(): Request {
    const number = ++this.requests;
    const { caseId, frame: index } = this.store.getState().intent;
    return { from: { caseId, index }, superseded: () => number !== this.requests };
  }

  private async showListed(id: CaseId, change: (intent: Intent) => Intent, request: Request): Promise<void> {
    const found = this.store.getState().cases.get(id) ?? (await this.library.read(id));
    const wanted = (intent: Intent) => withFrameOf(found, change(onCase(intent, found)));
    const frame = await readFrame(this.store, found, wanted(this.store.getState().intent).frame);
    this.show(found, frame, wanted, request);
  }

  /** Whether it was shown: not where something else was asked for since. */
  private show(found: Case, frame: Frame, change: (intent: Intent) => Intent, request: Request): boolean {
    if (request.superseded()) return false;
    this.asked = null;
    keepFrame(this.store, found, frame);
    this.store.want((now) => ({ ...withWindow(change(now), frame.slice), caseId: found.id, frame: frame.index }));
    return true;
  }

  private async take(opened: Opened, request: Request, note: string | null): Promise<CaseId | null> {
    switch (opened.kind) {
      case "image":
        return this.takeImage(opened.stack, opened.session ?? null, request, note);
      case "marks":
        return this.takeMarks(opened.marks, opened.notes, request);
      case "session":
        await this.takeSession(opened.session, request);
        return null;
      case "model":
        this.takeModel(opened.model);
        return null;
      case "pack":
        return this.takePack(opened.pack, request);
    }
  }

  private async takePack(pack: Pack, request: Request): Promise<CaseId | null> {
    const entries = this.library.addPack(pack);
    listCases(this.store, entries, "last");
    const first = entries[0];
    if (first && !request.superseded()) {
      stopAwaiting(this.store);
      await this.showListed(first.id, (intent) => intent, request);
    }
    const what = `${pack.name} is a pack of ${entries.length} cases: ${pack.index.title}`;
    tell(this.store, "status", `${what}. They are in the menu of cases.`);
    return first?.id ?? null;
  }

  private async takeImage(
    stack: Stack,
    session: Session | null,
    request: Request,
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
    if (lesion) this.onLesion(lesion);
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
  private takeMarks(marks: readonly Marks[], notes: readonly string[], { from }: Request): Promise<CaseId> {
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

  /** A session restores its view where its slice is at hand; else it waits for the slice. */
  private async takeSession(session: Session, request: Request): Promise<void> {
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
      if (session.lesion) this.onLesion(session.lesion);
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

  private takeModel(model: {
    readonly name: string;
    readonly config: unknown;
    readonly weights: readonly Uint8Array[];
  }): void {
    const config = parseConfig(model.config, "config.json");
    const choice = addModel(this.store, { name: model.name, config });
    const { name } = choice;
    this.library.addModel(choice, model.weights);
    const beside = this.onModel(name);
    if (!beside) this.store.want((intent) => ({ ...intent, model: name, z: { source: { kind: "mean" }, locks: {} } }));
    tell(this.store, "status", beside ? `${name} stands beside the others.` : `${name} is in the menu of models.`);
  }
}

async function read(files: readonly File[]): Promise<Opened> {
  const { openFiles } = await import("../../io/open/open.ts");
  return openFiles(files.map(sourceOf));
}

/** Apart from what was opened first: a closure beside it would hold its numbers. @throws NotAnImage, what reading throws */
async function stackOf(files: readonly File[]): Promise<Stack> {
  const again = await read(files);
  if (again.kind === "image") return again.stack;
  const problem = "it holds no picture any more";
  throw new GraderspaceError("NotAnImage", { file: files[0]?.name ?? "", problem, remedy: "open it again" });
}

/** A frame that the case does not have gives way to the one that it is shown with first. */
function withFrameOf({ frames, frame }: Case, intent: Intent): Intent {
  return intent.frame < frames ? intent : { ...intent, frame };
}
