import { inEnglish, type Message, say, sayAll } from "../../core/language/say.ts";
import { dismiss, tell } from "../app/notices.ts";
import type { StateStore } from "../app/store.ts";
import { caseOnScreen, frameOnScreen } from "./on-screen.ts";

/**
 * Says what is odd about one picture of a stack alone when it comes on the screen, and takes it back when another one
 * does: what holds of slice 5 must not stand under slice 6. Of the first picture it is said with the file's own notes.
 */
export function tellFrameNotes(store: StateStore): () => void {
  let said: Message | null = null;
  return store.subscribe((state, before) => {
    const frame = frameOnScreen(state);
    if (frame === frameOnScreen(before)) return;
    const last = state.notices.find(({ text }) => said !== null && inEnglish(text) === said.english);
    if (last) dismiss(store, last.id);
    said = null;
    const stack = caseOnScreen(state)?.stack;
    const notes = (frame && stack?.notesOf?.(frame.index)) ?? [];
    if (!frame || !stack || notes.length === 0) return;
    said = say`${stack.label(frame.index)}: ${sayAll(notes, ". ")}.`;
    tell(store, "status", said);
  });
}
