import { say } from "../../core/language/say.ts";
import { DEFAULT_COUPLING } from "../../core/lesion/coupling.ts";
import type { SessionLesion } from "../../io/session/session.ts";
import { tell } from "../app/notices.ts";
import { goTo } from "../app/places.ts";
import type { ExplorerStore } from "../app/store.ts";
import { chooseLesionSample, wantThresholds } from "./actions.ts";

/** Goes to the lesion that a session is about, once its slice is on the screen: with its sizes and its outlined sample. */
export function goToSessionLesion(store: ExplorerStore, { thresholds, coupling, sample }: SessionLesion): void {
  wantThresholds(store, thresholds);
  chooseLesionSample(store, sample ?? null);
  goTo(store, "lesion");
  if (coupling === DEFAULT_COUPLING) return;
  const remedy = say`\`replay\` of the command line makes the session's own`;
  const why = say`they belong together by ${DEFAULT_COUPLING} here and by ${coupling} in the session`;
  tell(store, "alert", say`The lesion's samples are others than the session's: ${why}; ${remedy}.`);
}
