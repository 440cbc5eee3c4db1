import { useSyncExternalStore } from "react";
import { say } from "../../core/language/say.ts";
import { said } from "../../state/app/speech.ts";

/** Where the panels stand under each other, as in the style sheets. */
const PHONE = say`(max-width: 760px)`;

function follow(changed: () => void): () => void {
  const query = matchMedia(said(PHONE));
  query.addEventListener("change", changed);
  return () => query.removeEventListener("change", changed);
}

/** Whether the page has the layout of a phone now. */
export function usePhone(): boolean {
  return useSyncExternalStore(follow, () => matchMedia(said(PHONE)).matches);
}
