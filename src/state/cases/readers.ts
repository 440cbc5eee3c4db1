import { READER_COLOURS } from "../../core/colour/colour.ts";
import { say, type Text } from "../../core/language/say.ts";
import type { Mask } from "../../core/values/slice.ts";
import { type CaseId, type FrameKey, frameKeyOf, frameOfKey } from "../app/identity.ts";
import type { PageReader, ReaderId } from "../app/intent.ts";
import { tell } from "../app/notices.ts";
import { takeLasso } from "../app/places.ts";
import type { Blinding, Drawings, DrawnBefore, State, Undoable } from "../app/shape.ts";
import type { ExplorerStore } from "../app/store.ts";
import { doneKey, drawingReader, isBlinded } from "./on-screen.ts";

/** Who draws in the page, what they drew, and who sees whom, are written here alone. */

type Outlines = readonly (readonly [FrameKey, Mask | null])[];

/** More are not added by hand: they could not be told apart on one picture. */
export const MOST_READERS = 12;
/** What fits a row, and a label of DICOM. */
export const LONGEST_NAME = 40;

/** Outlines by the reader in hand, null for none: one step in the undo history. Who draws is seen. */
export function drawOutlines(store: ExplorerStore, outlines: Outlines): void {
  store.setState((state) => {
    const { id, hidden } = drawingReader(state);
    const { caseId } = state.intent;
    return {
      drawings: withOutlines(state.drawings, id, outlines),
      readers: hidden ? changed(state.readers, id, { hidden: false }) : state.readers,
      // What is drawn without being blinded was not finished blinded.
      blinding: caseId === null ? state.blinding : withDone(state.blinding, doneKey(id, caseId), false),
    };
  });
}

/** A reader's outlines of before, on frames of one case. */
export interface ReaderBefore extends Omit<DrawnBefore, "mask"> {
  /** Null where only the name is known. */
  readonly id: ReaderId | null;
  readonly outlines: readonly (readonly [FrameKey, Mask])[];
}

/** Lays the outlines of a session over what is there: one step in the history. */
export function takeReaders(store: ExplorerStore, caseId: CaseId, frame: number, drawn: readonly DrawnBefore[]): void {
  if (drawn.length === 0) return;
  const key = frameKeyOf(caseId, frame);
  const before = drawn.map(({ mask, ...rest }) => ({
    ...rest,
    id: null,
    outlines: mask ? [[key, mask] as const] : [],
  }));
  const { next, done } = joined(store.getState(), caseId, before, true);
  const { readers, drawings } = next(store.getState());
  store.setState(({ blinding }) => ({ readers, drawings, blinding: allDone(blinding, done) }));
}

/** Brings back what was kept of before the page was loaded, under what is there: no step, and no step back loses it. */
export function bringReadersBack(store: ExplorerStore, caseId: CaseId, before: readonly ReaderBefore[]): void {
  const { next, done } = joined(store.getState(), caseId, before, false);
  const { readers, drawings } = next(store.getState());
  const { temporal } = store;
  temporal.getState().pause();
  store.setState(({ blinding }) => ({ readers, drawings, blinding: allDone(blinding, done) }));
  temporal.getState().resume();
  const { pastStates, futureStates } = temporal.getState();
  const all = (states: readonly Partial<Undoable>[]) => states.map((one) => ({ ...one, ...next(one as Undoable) }));
  temporal.setState({ pastStates: all(pastStates), futureStates: all(futureStates) });
}

/** Everything that a person can do to the readers in the page. */
export function readerActions(store: ExplorerStore) {
  const change = (id: ReaderId, to: Partial<PageReader>) =>
    store.setState(({ readers }) => ({ readers: changed(readers, id, to) }));
  return {
    /** One more reader, who draws from now on. */
    addReader(): void {
      const { readers } = store.getState();
      if (readers.length >= MOST_READERS) return;
      const added = { id: newId(readers), name: freeName(readers), slot: freeSlot(readers), hidden: false };
      store.setState({ readers: [...readers, added], drawingAs: added.id });
    },
    /** False where the name cannot be: then it is said why. */
    renameReader(id: ReaderId, wanted: string): boolean {
      const name = plainName(wanted);
      const why = whyNotNamed(
        store.getState().readers.filter((one) => one.id !== id),
        name,
      );
      if (why !== null) tell(store, "status", why);
      else change(id, { name });
      return why === null;
    },
    colourReader: (id: ReaderId, slot: number) => change(id, { slot }),
    /** Who is hidden is on no picture and in no figure. */
    showReader: (id: ReaderId, shown: boolean) => change(id, { hidden: !shown }),
    removeReader(id: ReaderId): void {
      const gone = store.getState().readers.find((one) => one.id === id);
      if (!gone || id === "you") return;
      store.setState(({ readers, drawings }) => ({
        readers: readers.filter((one) => one.id !== id),
        drawings: new Map([...drawings].filter(([of]) => of !== id)),
      }));
      tell(store, "status", say`${gone.name} is gone, with all that ${gone.name} drew: Undo brings both back.`);
    },
    drawAs: (id: ReaderId) => store.setState({ drawingAs: id }),
    /** A reader who is not done sees nobody else: no grader, no other reader, no sample, and nothing made of them. */
    setBlinded: (on: boolean) => store.setState(({ blinding }) => ({ blinding: { ...blinding, on } })),
    /** The reader in hand is done with the case: sees the others, and changes nothing any more while it is blinded. */
    sayDone(): void {
      const state = store.getState();
      const { caseId } = state.intent;
      if (caseId === null || !isBlinded(state)) return;
      const key = doneKey(drawingReader(state).id, caseId);
      store.setState(({ blinding }) => ({ blinding: withDone(blinding, key, true) }));
      takeLasso(store, "off");
      store.temporal.getState().clear(); // no step back changes what was finished without having seen the others
    },
  };
}

/** A link that says so opens blinded, and a reload stays so: nobody sees the others for a moment. */
export function blindWord({ blinding }: Pick<State, "blinding">): string {
  return blinding.on ? "&blinded=1" : "";
}

export function blindedIn(hash: string): boolean {
  return new URLSearchParams(hash.replace(/^#/, "")).get("blinded") === "1";
}

function changed(readers: readonly PageReader[], id: ReaderId, to: Partial<PageReader>): readonly PageReader[] {
  return readers.map((one) => (one.id === id ? { ...one, ...to } : one));
}

function withOutlines(drawings: Drawings, id: ReaderId, outlines: Outlines): Drawings {
  const mine = new Map(drawings.get(id));
  for (const [key, mask] of outlines) {
    if (mask) mine.set(key, mask);
    else mine.delete(key);
  }
  return new Map(drawings).set(id, mine);
}

function withDone(blinding: Blinding, key: string, done: boolean): Blinding {
  if (blinding.done.has(key) === done) return blinding;
  const all = new Set(blinding.done);
  if (done) all.add(key);
  else all.delete(key);
  return { ...blinding, done: all };
}

function allDone(blinding: Blinding, keys: readonly string[]): Blinding {
  return keys.reduce((all, key) => withDone(all, key, true), blinding);
}

/**
 * How readers of before join those that are there: by id, else by name, else as further ones. `over`: their outlines
 * take the place of those that are there.
 */
function joined({ readers: here }: Undoable, caseId: CaseId, before: readonly ReaderBefore[], over: boolean) {
  const all = [...here];
  const found = before.map((one) => {
    const known = all.find(({ id }) => id === one.id) ?? all.find(({ name }) => sameName(name, one.name));
    if (known) return { reader: known, ...one };
    const { id, slot, hidden } = one;
    const wanted = plainName(one.name);
    const name = whyNotNamed(all, wanted) === null ? wanted : freeName(all);
    const reader = { id: id ?? newId(all), name, slot, hidden };
    all.push(reader); // also past the most that a person may add: nothing that somebody drew is dropped
    return { reader, ...one };
  });
  const next = ({ readers, drawings }: Undoable): Pick<Undoable, "readers" | "drawings"> => ({
    readers: [
      ...readers,
      ...all.filter(({ id }) => !readers.some((one) => one.id === id) && !here.some((one) => one.id === id)),
    ],
    drawings: found.reduce((map, { reader: { id }, outlines }) => {
      const mine = outlines.filter(([key]) => over || !map.get(id)?.has(key));
      return mine.length === 0 ? map : withOutlines(map, id, mine);
    }, drawings),
  });
  return { next, done: found.filter(({ done }) => done).map(({ reader: { id } }) => doneKey(id, caseId)) };
}

/** One line; DICOM takes a backslash for the end of a value. */
function plainName(text: string): string {
  return text
    .replace(/[\s\\\p{C}]+/gu, " ")
    .trim()
    .slice(0, LONGEST_NAME);
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** Why a reader cannot be called so beside the others, as a sentence; null where that is possible. */
function whyNotNamed(others: readonly PageReader[], name: string): Text | null {
  if (name === "") return say`A reader needs a name.`;
  const taken = others.find((one) => sameName(one.name, name));
  if (taken) return say`There is a reader called ${taken.name} already, and nobody could tell the two apart.`;
  if (/^grader \d+$/i.test(name)) return say`${name} is what a grader of the case is called: choose another name.`;
  return null;
}

function freeName(others: readonly PageReader[]): string {
  let number = others.length + 1;
  while (whyNotNamed(others, `Reader ${number}`) !== null) number++;
  return `Reader ${number}`;
}

function freeSlot(others: readonly PageReader[]): number {
  const slots = READER_COLOURS.map((_, i) => i + 4);
  return slots.find((slot) => !others.some((one) => one.slot === slot)) ?? 4 + (others.length % READER_COLOURS.length);
}

/** By chance, so that the same number is the same person on every case of this machine. */
function newId(others: readonly PageReader[]): ReaderId {
  for (;;) {
    const [number = 0] = crypto.getRandomValues(new Uint32Array(1));
    const id: ReaderId = `r${number}`;
    if (!others.some((one) => one.id === id)) return id;
  }
}

/** What a reader drew on the frames of a case, from 0. */
export function outlinesOn(
  { drawings }: Pick<State, "drawings">,
  id: ReaderId,
  caseId: CaseId,
): readonly { readonly key: FrameKey; readonly frame: number; readonly mask: Mask }[] {
  return [...(drawings.get(id) ?? [])].flatMap(([key, mask]) => {
    const frame = frameOfKey(key, caseId);
    return frame === null ? [] : [{ key, frame, mask }];
  });
}

/** A reader in the page who is seen, with the outlines on one case. */
export interface ReaderOnCase extends PageReader {
  readonly outlines: ReturnType<typeof outlinesOn>;
}

/** Readers in the page who are seen and drew on a case. */
export function readersOnCase(state: State, caseId: CaseId | null): readonly ReaderOnCase[] {
  return state.readers.flatMap((reader) => {
    const outlines = caseId === null || reader.hidden ? [] : outlinesOn(state, reader.id, caseId);
    return outlines.length > 0 ? [{ ...reader, outlines }] : [];
  });
}
