import { useSyncExternalStore } from "react";

/** Where the panels stand under each other, as in the style sheets. */
const PHONE = "(max-width: 760px)";

function follow(changed: () => void): () => void {
  const query = matchMedia(PHONE);
  query.addEventListener("change", changed);
  return () => query.removeEventListener("change", changed);
}

/** Whether the page has the layout of a phone now. */
export function usePhone(): boolean {
  return useSyncExternalStore(
    follow,
    () => matchMedia(PHONE).matches,
    () => false,
  );
}
