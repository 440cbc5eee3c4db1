import { GraderspaceError } from "../../core/errors.ts";
import { say, type Text } from "../../core/language/say.ts";
import type { Marks } from "../../io/marks/marks.ts";
import type { RegionsMeaning, SeveralRegions } from "../../io/marks/regions-of-file.ts";
import type { Opened } from "../../io/open/open.ts";
import type { MethodSamples } from "../../io/samples/method-samples.ts";
import { pathForMethod } from "../../io/samples/sample-name.ts";
import type { Stack } from "../../io/stack/stack.ts";
import type { CaseId } from "../app/identity.ts";
import type { Intent } from "../app/intent.ts";
import type { Case } from "../app/shape.ts";
import type { ExplorerStore } from "../app/store.ts";
import { stopAwaiting } from "./catalogue.ts";
import { keepFrame, readFrame } from "./frames.ts";
import { type Aside, type CaseRequest, Intake } from "./intake.ts";
import type { Library } from "./library.ts";
import type { MaskAnswer, MaskQuestion } from "./mask-question.ts";
import { caseOnScreen } from "./on-screen.ts";
import { sourceOf, withMarksOn } from "./reading.ts";
import { Readings } from "./readings.ts";
import { Residents } from "./resident.ts";
import type { MaskAsking, MaskMeaning } from "./samples/mask-asking.ts";
import { samplesOnCase } from "./samples/take-samples.ts";

type Question = Pick<MaskQuestion, "ask" | "askRegions" | "lastOfRegions">;

/**
 * Opening files, cases and frames: each is read before anything on the screen changes, so a failure changes nothing.
 * Of several requests for a case the one made last is shown, however long the others take.
 */
export class Opening {
  private readonly store: ExplorerStore;
  private readonly question: Question;
  private readonly library: Library;
  private readonly residents = new Residents();
  /** What the person called the method whose samples some files hold. */
  private readonly methods = new WeakMap<readonly File[], string>();
  private requests = 0;
  /** The frame that was asked for last and is not on the screen yet. */
  private asked: { readonly caseId: CaseId; readonly index: number } | null = null;
  private readonly readings: Readings;
  private readonly intake: Intake;

  constructor(store: ExplorerStore, library: Library, question: Question, aside: Omit<Aside, "onShown">) {
    this.readings = new Readings(store);
    this.question = question;
    this.library = library;
    this.store = store;
    const onShown = () => {
      this.asked = null;
    };
    this.intake = new Intake(store, library, { ...aside, onShown });
  }

  /**
   * Works out what the files are, shows it, and says so; an error is a sentence, and the case on the screen stays.
   * The case that they became, or became part of; null where they are of none. Masks that may lie on the slice on the
   * screen are what `masksAre` says, or what the person answers; where it is said, the files come back after a reload,
   * and regions of an RTSTRUCT are what was answered last, else what the person answers.
   */
  async openFiles(files: readonly File[], masksAre?: "graders" | "slice"): Promise<CaseId | null> {
    const request = this.request();
    const what = say`Reading ${nameOf(files)}`;
    if (masksAre !== undefined) return this.opened(files, request, what, masksAre, await this.question.lastOfRegions());
    let several: SeveralRegions | null = null;
    let read: Opened | null = null;
    await this.readings.run(what, async (stillWanted) => {
      read = await readFiles(files, "graders");
      stillWanted();
      several = ("regions" in read && read.regions) || null;
    });
    if (read === null) return null;
    const meaning = several && (await this.question.askRegions(several));
    if (several && meaning === null) return null;
    return this.opened(files, request, what, undefined, meaning ?? "graders", meaning === "file" ? null : read);
  }

  private async opened(
    files: readonly File[],
    request: CaseRequest,
    what: Text,
    masksAre: "graders" | "slice" | undefined,
    regionsAre: RegionsMeaning,
    before: Opened | null = null,
  ): Promise<CaseId | null> {
    let became: CaseId | null = null;
    let asked: Asked | null = null;
    await this.readings.run(what, async (stillWanted) => {
      const opened = this.resident(before ?? (await readFiles(files, regionsAre)), files, regionsAre);
      const may = await this.whatMaskMayBe(opened, request);
      stillWanted();
      const take = async (answer: MaskAnswer): Promise<CaseId | null> => {
        if (answer.meaning === "samples" && may.samples) {
          this.methods.set(files, answer.method);
          return this.intake.samples.onto([{ ...may.samples.found, method: answer.method }], request.from);
        }
        if (answer.meaning === "graders" && may.marks) return this.intake.takeMarks(may.marks, may.notes, request);
        return this.intake.take(opened, request, may.note);
      };
      const meaning = masksAre ?? whatItIs(may, files.length);
      if (meaning !== null) became = await take({ meaning });
      else {
        const file = nameOf(files);
        const { samples } = may;
        const asking = {
          file,
          meanings: meaningsOf(may),
          samples: samples && { count: samples.count, method: samples.found.method },
        };
        asked = { asking, take };
      }
    });
    if (asked === null) return became;
    const { asking, take }: Asked = asked;
    const answer = await this.question.ask(asking);
    if (answer === null) return null;
    await this.readings.run(what, async () => {
      became = await take(answer);
    });
    return became;
  }

  /** The files as they are kept over a reload: samples under a name that says so; none where they could not be laid again. */
  asKept(files: readonly File[]): readonly File[] {
    const method = this.methods.get(files);
    const { unplaced } = this.intake.samples;
    this.intake.samples.unplaced = false;
    if (unplaced) return [];
    if (method === undefined) return files;
    return files.map((file) => new File([file], pathForMethod(method, file.name)));
  }

  /** A stack that is read from elsewhere than files, as a case of its own; null where reading it failed. */
  async openStack(stack: Stack, what: Text): Promise<CaseId | null> {
    const request = this.request();
    let became: CaseId | null = null;
    await this.readings.run(what, async (stillWanted) => {
      await stack.slice(stack.start); // held from here on: what is given up meanwhile changes nothing
      stillWanted();
      became = await this.intake.take({ kind: "image", stack }, request, null);
    });
    return became;
  }

  /** What was opened, its numbers read again where those of too many others were read since. */
  private resident(opened: Opened, files: readonly File[], regionsAre: RegionsMeaning): Opened {
    if (opened.kind !== "image") return opened;
    return { ...opened, stack: this.residents.hold(opened.stack, () => stackOf(files, regionsAre)) };
  }

  /** What masks, or numbers from 0 to 1, can be of the slice on the screen. */
  private async whatMaskMayBe(opened: Opened, { from }: CaseRequest): Promise<MayBe> {
    const nothing: MayBe = { marks: null, notes: [], samples: null, slice: true, note: null };
    const found = from.caseId === null ? undefined : this.store.getState().cases.get(from.caseId);
    if (!found || (opened.kind !== "image" && opened.kind !== "marks")) return nothing;
    const { asSamples } = opened;
    const laid = async (): Promise<MayBe["samples"]> => {
      try {
        const samples = await asSamples?.();
        if (!samples) return null;
        const { set } = await samplesOnCase(samples, found, from.index, this.library);
        return { found: samples, count: set.count };
      } catch (error) {
        if (error instanceof GraderspaceError) return null; // then it is none
        throw error;
      }
    };
    if (opened.kind === "marks") {
      const { marks, notes } = opened;
      return { ...nothing, slice: false, marks, notes, samples: opened.samples ? null : await laid() };
    }
    if (!asSamples && !opened.asMarks) return nothing;
    const marks = await this.marksOn(opened, found, from.index);
    const samples = await laid();
    const lies = marks !== null || samples !== null || !opened.asMarks;
    const note = say`${opened.stack.name} looks like a mask that does not lie on ${found.title}, so it is a slice of its own`;
    return { ...nothing, marks, samples, note: lies ? null : note };
  }

  /** What was opened as graders' marks on a case; null where none of it lies there, or it is no grader's. */
  private async marksOn(
    opened: Opened & { readonly kind: "image" },
    found: Case,
    shown: number,
  ): Promise<readonly Marks[] | null> {
    try {
      const marks = await opened.asMarks?.();
      return marks && (await withMarksOn(found, marks, shown)).laid ? marks : null;
    } catch (error) {
      if (error instanceof GraderspaceError) return null; // too many labels: no graders
      throw error;
    }
  }

  /** Shows a case of the menu; what was waiting for another slice is given up. */
  async openCase(id: CaseId, change: (intent: Intent) => Intent = (intent) => intent): Promise<void> {
    const request = this.request();
    stopAwaiting(this.store);
    await this.readings.run(say`Reading the case`, () => this.intake.showListed(id, change, request));
  }

  /** Goes to a frame of the stack, once it is read; of quick turns of the wheel the last one wins. */
  async setFrame(index: number): Promise<void> {
    const found = caseOnScreen(this.store.getState());
    if (!found) return;
    const asked = { caseId: found.id, index: Math.max(0, Math.min(found.frames - 1, Math.round(index))) };
    this.asked = asked;
    await this.readings.run(say`Reading the slice`, async (stillWanted) => {
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

  private request(): CaseRequest {
    const number = ++this.requests;
    const { caseId, frame: index } = this.store.getState().intent;
    return { from: { caseId, index }, superseded: () => number !== this.requests };
  }
}

/** What was opened can be of the slice on the screen, or of none. */
/** What a sentence calls the files. */
function nameOf(files: readonly File[]): Text {
  return files.length === 1 ? (files[0]?.name ?? "") : say`${files.length} files`;
}

interface MayBe {
  readonly marks: readonly Marks[] | null;
  readonly notes: readonly Text[];
  readonly samples: { readonly found: MethodSamples; readonly count: number } | null;
  /** It can be a slice of its own. */
  readonly slice: boolean;
  /** Why it can be nothing else. */
  readonly note: Text | null;
}

interface Asked {
  readonly asking: MaskAsking;
  readonly take: (answer: MaskAnswer) => Promise<CaseId | null>;
}

/** As few masks together are graders' without a question. */
const MOST_GRADERS = 4;

/** What needs no question; null where the person is to say. */
function whatItIs({ marks, samples, slice }: MayBe, files: number): "graders" | "slice" | null {
  if (marks === null && samples === null) return "slice";
  const several = files > 1 || !slice;
  return several && marks !== null && (samples === null || samples.count <= MOST_GRADERS) ? "graders" : null;
}

function meaningsOf({ marks, samples, slice }: MayBe): MaskMeaning[] {
  return [
    ...(marks ? (["graders"] as const) : []),
    ...(samples ? (["samples"] as const) : []),
    ...(slice ? (["slice"] as const) : []),
  ];
}

async function readFiles(files: readonly File[], regionsAre: RegionsMeaning): Promise<Opened> {
  const { openFiles } = await import("../../io/open/open.ts");
  return openFiles(files.map(sourceOf), regionsAre);
}

/** Apart from what was opened first: a closure beside it would hold its numbers. @throws NotAnImage, what reading throws */
async function stackOf(files: readonly File[], regionsAre: RegionsMeaning): Promise<Stack> {
  const again = await readFiles(files, regionsAre);
  if (again.kind === "image") return again.stack;
  const problem = say`it holds no picture any more`;
  throw new GraderspaceError("NotAnImage", { file: files[0]?.name ?? "", problem, remedy: say`open it again` });
}
