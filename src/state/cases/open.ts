import { parseConfig } from "../../core/config/parse-config.ts";
import { GraderspaceError } from "../../core/errors.ts";
import { REGION } from "../../core/values/region.ts";
import type { Marks } from "../../io/marks/marks.ts";
import type { Opened } from "../../io/open/open.ts";
import type { Session } from "../../io/session/session.ts";
import type { Stack } from "../../io/stack/stack.ts";
import type { Intent } from "../app/intent.ts";
import { sentenceOf } from "../app/jobs.ts";
import { tell } from "../app/notices.ts";
import type { ExplorerStore, State } from "../app/store.ts";
import { MOST_SYSTEMS } from "../compare/slice.ts";
import { onCase } from "../explore/actions.ts";
import { type Case, type Frame, frameOf } from "./case.ts";
import { centreOf, readFrame, sourceOf, withWindow, wrongSlice } from "./frames.ts";
import type { Library } from "./library.ts";
import { intentOfSession } from "./session.ts";

/** Frames kept in memory: a stack of hundreds would fill it. */
const MOST_FRAMES = 24;

/** Opening files, cases and frames: each is read before anything on the screen changes, so a failure changes nothing. */
export class Opening {
  private readonly store: ExplorerStore;
  private readonly library: Library;
  /** The frame asked for last: an earlier one that arrives later is dropped. */
  private asked = "";

  constructor(store: ExplorerStore, library: Library) {
    this.store = store;
    this.library = library;
  }

  /** Works out what the files are, shows it, and says so; an error is a sentence, and the case on the screen stays. */
  async openFiles(files: readonly File[]): Promise<void> {
    await this.busy(`Reading ${files.length === 1 ? files[0]?.name : `${files.length} files`}`, async () => {
      const { openFiles } = await import("../../io/open/open.ts");
      await this.take(await openFiles(files.map(sourceOf)));
    });
  }

  /** Shows a case of the menu. */
  async openCase(key: string, change: (intent: Intent) => Intent = (intent) => intent): Promise<void> {
    await this.busy("Reading the case", async () => {
      const found = this.store.getState().cases[key] ?? (await this.library.read(key));
      await this.show(found, found.frame, (intent) => change(onCase(intent, key, found.frame)));
    });
  }

  /** Goes to a frame of the stack, once it is read; of quick turns of the wheel the last one wins. */
  async setFrame(frame: number): Promise<void> {
    const { intent, cases } = this.store.getState();
    const found = cases[intent.caseKey];
    if (!found) return;
    const wanted = Math.max(0, Math.min(found.frames - 1, Math.round(frame)));
    await this.busy("Reading the slice", () =>
      this.show(found, wanted, (now) => ({ ...now, frame: wanted, region: now.region ?? found.region }), "frame"),
    );
  }

  /** The frame that was asked for last, shown or not: what a turn of the wheel counts from. */
  frameAsked(): number {
    const { caseKey, frame } = this.store.getState().intent;
    const [key, asked] = [
      this.asked.slice(0, this.asked.lastIndexOf("#")),
      this.asked.slice(this.asked.lastIndexOf("#") + 1),
    ];
    return key === caseKey && this.store.getState().jobs.case ? Number(asked) : frame;
  }

  private async show(found: Case, frame: number, change: (intent: Intent) => Intent, gesture: string | null = null) {
    const key = `${found.key}#${frame}`;
    this.asked = key;
    const read = this.store.getState().frames[key] ?? (await found.read(frame));
    if (this.asked !== key) return;
    this.keep(found, key, read);
    this.store.want((intent) => withWindow(change(intent), read.slice), gesture);
  }

  /** Makes a frame known; the oldest others go. */
  private keep(found: Case, key: string, read: Frame): void {
    this.store.setState(({ cases, frames }) => {
      const kept = Object.entries(frames)
        .filter(([name]) => name !== key)
        .slice(-(MOST_FRAMES - 1));
      return { cases: { ...cases, [found.key]: found }, frames: { ...Object.fromEntries(kept), [key]: read } };
    });
  }

  private async take(opened: Opened): Promise<void> {
    switch (opened.kind) {
      case "image":
        return this.takeImage(opened.stack, opened.session ?? null);
      case "marks":
        return this.takeMarks(opened.marks, opened.notes);
      case "session":
        return this.takeSession(opened.session);
      case "model":
        return this.takeModel(opened.model);
      case "pack": {
        const { index, name } = opened.pack;
        const entries = this.library.addPack(`pack ${name}`, opened.pack);
        this.listed(entries);
        const first = entries[0];
        if (first) await this.openCase(first.key);
        return tell(
          this.store,
          "status",
          `${name} is a pack of ${entries.length} cases: ${index.title}. They are in the menu of cases.`,
        );
      }
    }
  }

  private async takeImage(stack: Stack, session: Session | null): Promise<void> {
    const { awaited } = this.store.getState();
    const wanted = session ? intentOfSession(session) : null;
    const start = Math.min(stack.frames - 1, wanted?.frame ?? awaited?.intent.frame ?? stack.start);
    const first = await readFrame(stack, start);
    const key = `own:${first.sha256().slice(0, 16)}`;
    const fits = awaited !== null && first.sha256().startsWith(awaited.hash);
    if (session && session.slice.sha256 !== first.sha256()) throw wrongSlice(stack.name);
    const found: Case = {
      key,
      title: stack.name,
      group: "Opened files",
      simulated: false,
      frames: stack.frames,
      frame: start,
      attribution: null,
      region: centreOf(first.slice, first.graders),
      notes: stack.notes,
      own: true,
      stack,
      read: (frame) => (frame === start ? Promise.resolve(first) : readFrame(stack, frame)),
    };
    this.library.add(found);
    this.listed([found]);
    const asked = session ? wanted : fits ? awaited.intent : null;
    await this.show(found, start, (intent) => ({
      ...onCase(intent, key, start),
      ...(asked ? this.known(asked) : {}),
      caseKey: key,
      frame: start,
    }));
    this.store.setState({ awaited: fits || session ? null : awaited });
    const graders = first.graders.length;
    const said = [...stack.notes, ...(stack.notesOf?.(start) ?? [])];
    if (said.length === 0) said.push(`Opened ${stack.name}${graders > 0 ? ` with ${graders} graders` : ""}`);
    const canMove = Math.max(first.slice.width, first.slice.height) > REGION;
    if (graders === 0 && !asked && canMove) said.push("Drag the box in the slice onto the lesion");
    if (awaited && !fits && !session) said.push("It is not the slice that the link or session is about");
    tell(this.store, "status", `${said.join(". ")}.`);
  }

  /** Marks go onto the case that is on the screen. */
  private async takeMarks(marks: Marks, notes: readonly string[]): Promise<void> {
    const { intent, cases } = this.store.getState();
    const found = cases[intent.caseKey];
    if (!found)
      throw new GraderspaceError("BadArgument", {
        problem: "there is no slice yet to lay the marks on",
        remedy: "open the slice first",
      });
    const { gradersOn } = await import("../../io/marks/marks.ts");
    const { markTarget } = await import("../../io/marks/marks-target.ts");
    const marked = async (frame: number, read: Frame): Promise<Frame> => {
      const alone = { slice: read.slice, sopInstanceUid: null, seriesInstanceUid: null, frame: null };
      const target = found.stack ? await markTarget(found.stack, frame) : alone;
      return frameOf(read.slice, [...(found.own ? read.graders : []), ...gradersOn(marks, target)]);
    };
    const now = await marked(intent.frame, await found.read(intent.frame));
    const next: Case = { ...found, read: async (frame) => marked(frame, await found.read(frame)) };
    this.library.add(next);
    this.store.setState(({ cases: all, frames }) => ({
      cases: { ...all, [found.key]: next },
      frames: {
        ...Object.fromEntries(Object.entries(frames).filter(([key]) => !key.startsWith(`${found.key}#`))),
        [`${found.key}#${intent.frame}`]: now,
      },
      posteriors: {},
    }));
    const drew = now.graders.filter(({ mask }) => mask !== null).length;
    tell(this.store, "status", [...notes, `${now.graders.length} graders read; ${drew} drew on this slice.`].join(" "));
  }

  /** A session restores its view where its slice is on the shelf; else it waits for the slice. */
  private async takeSession(session: Session): Promise<void> {
    const state = this.store.getState();
    const intent = intentOfSession(session);
    const at = Object.entries(state.frames).find(([, frame]) => frame.sha256() === session.slice.sha256)?.[0];
    if (at !== undefined) {
      const caseKey = at.slice(0, at.lastIndexOf("#"));
      this.store.want((now) => ({ ...onCase(now, caseKey), ...this.known(intent), caseKey }));
      return tell(this.store, "status", "The session's view is restored.");
    }
    const example = await this.exampleWith(session.slice.sha256);
    if (example) {
      await this.openCase(example, (now) => ({ ...now, ...this.known(intent), caseKey: example }));
      return tell(this.store, "status", "The session's view is restored.");
    }
    this.store.setState({ awaited: { hash: session.slice.sha256, intent } });
    tell(
      this.store,
      "alert",
      `This session is about a slice of ${session.slice.width} × ${session.slice.height} pixels that is not open; open that file now, and its view comes back.`,
    );
  }

  /** The built-in example with this slice; one that cannot be read is not it. */
  private async exampleWith(sha256: string): Promise<string | null> {
    const examples = this.store.getState().entries.filter(({ key }) => key.startsWith("example:"));
    for (const { key } of examples) {
      const frame = await this.library
        .read(key)
        .then((found) => found.read(0))
        .catch(() => null);
      if (frame?.sha256() === sha256) return key;
    }
    return null;
  }

  private takeModel(model: {
    readonly name: string;
    readonly config: unknown;
    readonly weights: readonly Uint8Array[];
  }): void {
    const config = { ...parseConfig(model.config, "config.json"), name: model.name };
    const taken = (name: string) => this.store.getState().models.some((known) => known.name === name);
    let name = model.name;
    for (let copy = 2; taken(name); copy++) name = `${model.name} (${copy})`;
    const choice = { name, config, bundled: false };
    this.library.addModel(choice, model.weights);
    this.store.setState(({ models }) => ({ models: [...models, choice] }));
    const { view, compare } = this.store.getState();
    if (view === "compare" && compare.systems.length < MOST_SYSTEMS) {
      this.store.setState({ compare: { ...compare, systems: [...compare.systems, name], chosen: true } });
      tell(this.store, "status", `${model.name} stands beside the others.`);
      return;
    }
    this.store.want((intent) => ({ ...intent, model: name, z: { source: { kind: "mean" }, locks: {} } }));
    tell(this.store, "status", `${model.name} is in the menu of models.`);
  }

  /** What of a link or session can be had here: a model that is not known stays what it is. */
  private known(intent: Partial<Intent>): Partial<Intent> {
    if (intent.model === undefined || this.store.getState().models.some(({ name }) => name === intent.model))
      return intent;
    tell(
      this.store,
      "alert",
      `The model ${intent.model} is not here: the view is shown with the one that is chosen; open its files to see the same samples.`,
    );
    const { model: _unknown, ...rest } = intent;
    return rest;
  }

  private listed(entries: State["entries"]): void {
    this.store.setState((state) => {
      const keys = new Set(entries.map(({ key }) => key));
      const slim = entries.map(({ key, title, group, simulated }) => ({ key, title, group, simulated }));
      return { entries: [...state.entries.filter(({ key }) => !keys.has(key)), ...slim] };
    });
  }

  private async busy(what: string, work: () => Promise<void>): Promise<void> {
    this.store.setState(({ jobs }) => ({ jobs: { ...jobs, open: { progress: null, what } } }));
    try {
      await work();
    } catch (error) {
      tell(this.store, "alert", sentenceOf(error));
    } finally {
      this.store.setState(({ jobs: { open: _done, ...jobs } }) => ({ jobs }));
    }
  }
}
