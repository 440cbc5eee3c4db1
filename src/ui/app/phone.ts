import { useSyncExternalStore } from "react";

/** Where the panels stand under each other, as in the style sheets. */
const PHONE = "(max-width: 760px)";

function follow(changed: () => void): () => void {
  const query = matchMedia(PHONE);
  query.addEventListener("change", changed);
  return () => query.removeEventListener("change", changed);
}

/** Whether the page has the layout of a phone now; the build draws it for a wide screen. */
export function usePhone(): boolean {
  return useSyncExternalStore(follow, isPhone, isPhone);
}

function isPhone(): boolean {
  return "matchMedia" in globalThis && matchMedia(PHONE).matches;
}

/** Puts what stands elsewhere on a phone there, in the explorer that the build drew, before React takes hold of it. */
export function arrangeForPhone(page: ParentNode): void {
  const note = isPhone() && page.querySelector(".panel.slice .case-note");
  if (note) page.querySelector(".panel.region .region-stage")?.after(note);
}
