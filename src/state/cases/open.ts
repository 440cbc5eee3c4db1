import { GraderspaceError } from "../../core/errors.ts";
import type { Marks } from "../../io/marks/marks.ts";
import type { RegionsMeaning, SeveralRegions } from "../../io/marks/regions-of-file.ts";
import type { Opened } from "../../io/open/open.ts";
import type { Stack } from "../../io/stack/stack.ts";
import type { CaseId } from "../app/identity.ts";
import type { Intent } from "../app/intent.ts";
import type { MaskMeaning } from "../app/shape.ts";
import type { ExplorerStore } from "../app/store.ts";
import { stopAwaiting } from "./catalogue.ts";
import { keepFrame, readFrame } from "./frames.ts";
import { type Aside, type CaseRequest, Intake } from "./intake.ts";
import type { Library } from "./library.ts";
import type { MaskQuestion } from "./mask-question.ts";
import { caseOnScreen } from "./on-screen.ts";
import { sourceOf, withMarksOn } from "./reading.ts";
import { Readings } from "./readings.ts";
import { Residents } from "./resident.ts";

type Question = Pick<MaskQuestion, "ask" | "askRegions" | "lastOfRegions">;

/**
 * Opening files, cases and frames: each is read before anything on the screen changes, so a failure changes nothing.
 * Of several requests for a case the one made last is shown, however long the others take.
 */
export class Opening {
  private readonly store: ExplorerStore;
  private readonly question: Question;
  private readonly residents = new Residents();
  private requests = 0;
  /** The frame that was asked for last and is not on the screen yet. */
  private asked: { readonly caseId: CaseId; readonly index: number } | null = null;
  private readonly readings: Readings;
  private readonly intake: Intake;

  constructor(store: ExplorerStore, library: Library, question: Question, aside: Omit<Aside, "onShown">) {
    this.readings = new Readings(store);
    this.question = question;
    this.store = store;
    const onShown = () => {
      this.asked = null;
    };
    this.intake = new Intake(store, library, { ...aside, onShown });
  }

  /**
   * Works out what the files are, shows it, and says so; an error is a sentence, and the case on the screen stays.
   * The case that they became, or became part of; null where they are of none. A mask that may lie on the slice on the
   * screen is what `masksAre` says, or what the person answers; where it is said, the files come back after a reload, and
   * regions of an RTSTRUCT are what was answered last, else what the person answers.
   */
  async openFiles(files: readonly File[], masksAre?: MaskMeaning): Promise<CaseId | null> {
    const request = this.request();
    const what = `Reading ${files.length === 1 ? files[0]?.name : `${files.length} files`}`;
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
    what: string,
    masksAre: MaskMeaning | undefined,
    regionsAre: RegionsMeaning,
    before: Opened | null = null,
  ): Promise<CaseId | null> {
    let became: CaseId | null = null;
    let asked: ((meaning: MaskMeaning) => Promise<CaseId | null>) | null = null;
    await this.readings.run(what, async (stillWanted) => {
      const opened = this.resident(before ?? (await readFiles(files, regionsAre)), files, regionsAre);
      const { marks, note } = await this.marksOnScreen(opened, request);
      stillWanted();
      const take = (meaning: MaskMeaning) =>
        meaning === "graders" && marks
          ? this.intake.takeMarks(marks, [], request)
          : this.intake.take(opened, request, note);
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

  /** A stack that is read from elsewhere than files, as a case of its own; null where reading it failed. */
  async openStack(stack: Stack, what: string): Promise<CaseId | null> {
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

  /** What was opened as marks on the slice on the screen; null where it is a picture of its own, or lies elsewhere. */
  private async marksOnScreen(
    opened: Opened,
    { from }: CaseRequest,
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
    await this.readings.run("Reading the case", () => this.intake.showListed(id, change, request));
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

  private request(): CaseRequest {
    const number = ++this.requests;
    const { caseId, frame: index } = this.store.getState().intent;
    return { from: { caseId, index }, superseded: () => number !== this.requests };
  }
}

async function readFiles(files: readonly File[], regionsAre: RegionsMeaning): Promise<Opened> {
  const { openFiles } = await import("../../io/open/open.ts");
  return openFiles(files.map(sourceOf), regionsAre);
}

/** Apart from what was opened first: a closure beside it would hold its numbers. @throws NotAnImage, what reading throws */
async function stackOf(files: readonly File[], regionsAre: RegionsMeaning): Promise<Stack> {
  const again = await readFiles(files, regionsAre);
  if (again.kind === "image") return again.stack;
  const problem = "it holds no picture any more";
  throw new GraderspaceError("NotAnImage", { file: files[0]?.name ?? "", problem, remedy: "open it again" });
}
