import { say } from "../../../core/language/say.ts";
import { awaitSlice, listCases } from "../../cases/catalogue.ts";
import type { Library } from "../../cases/library.ts";
import { caseOnScreen, frameOnScreen } from "../../cases/on-screen.ts";
import type { Opening } from "../../cases/open.ts";
import { blindedIn, blindWord, readerActions } from "../../cases/readers.ts";
import { followCompared } from "../../compare/actions.ts";
import { compareWord } from "../../compare/slice.ts";
import { followLesionWords, lesionWords } from "../../lesion/link.ts";
import { withKnownModel } from "../../models/known.ts";
import type { Intent } from "../intent.ts";
import { sentenceOf, tell } from "../notices.ts";
import { goTo, placeIn, placeWord } from "../places.ts";
import type { State } from "../shape.ts";
import type { ExplorerStore } from "../store.ts";
import { intentToHash, type Linked, ofAnyCase } from "./link.ts";

/** The page's address both ways: the view written as a hash, and a hash followed, at the start and later. */

/** The view as an address's hash, without "#": the intent, and what each place says of itself. */
export function hashOf(state: State): string {
  const own = caseOnScreen(state)?.own ?? false;
  const view = intentToHash(withoutGiven(state), own ? (frameOnScreen(state)?.sha256() ?? null) : null);
  return view + compareWord(state) + placeWord(state) + lesionWords(state) + blindWord(state);
}

/** Samples that were given are in no link: a reload brings them back with their slice, and nobody else has them. */
function withoutGiven({ intent, models }: State): Intent {
  const shown = models.find(({ name }) => name === intent.model);
  if (shown?.config.choice !== "samples") return intent;
  return { ...intent, model: models.find(({ bundled }) => bundled)?.name ?? intent.model };
}

/** Goes where a link says, blinded where it says so. */
export function followPlace(store: ExplorerStore, hash: string): void {
  if (blindedIn(hash)) readerActions(store).setBlinded(true);
  followCompared(store, hash);
  if (store.getState().view !== "compare") goTo(store, placeIn(hash));
  followLesionWords(store, hash);
}

/** The case of the link, else the first example, with what the link says of any case alone. */
export async function showFirst(
  store: ExplorerStore,
  library: Library,
  { intent: asked, caseName, own }: Linked,
  reopen: (own: string) => Promise<boolean>,
) {
  const reopened = own !== null && reopen(own);
  try {
    const examples = await library.examples();
    const named = examples.find(({ id }) => id === caseName);
    if (await reopened) return listCases(store, examples, "first");
    if (own !== null) awaitLinked(store, own, asked);
    const meant = own === null && (caseName === null || named !== undefined);
    if (caseName !== null && !named) tell(store, "alert", NO_SUCH_CASE);
    listCases(store, examples, "first");
    if (store.getState().intent.caseId !== null) return; // a file was opened meanwhile
    const { model: _loading, ...rest } = meant ? asked : ofAnyCase(asked);
    store.settle((intent) => ({ ...intent, ...rest, caseId: named?.id ?? examples[0]?.id ?? null }));
  } catch (error) {
    tell(store, "alert", sentenceOf(error));
  }
}

/** Shows on an open page what a link says of a case, or waits for the own slice that it is about. */
export function followView(
  store: ExplorerStore,
  opening: Pick<Opening, "openCase">,
  { intent, caseName, own }: Linked,
): void {
  const found = store.getState().entries.find(({ id }) => id === caseName);
  if (own !== null) awaitLinked(store, own, intent);
  else if (found) {
    const wanted = withKnownModel(store, intent);
    void opening.openCase(found.id, (now) => ({ ...now, ...wanted }));
  } else if (caseName !== null) tell(store, "alert", NO_SUCH_CASE);
}

function awaitLinked(store: ExplorerStore, hash: string, intent: Partial<Intent>): void {
  const wanted = say`open the file whose values' sha256 begins with ${hash}, and its view comes back`;
  awaitSlice(store, hash, intent, say`This link is about a slice that is not on the web: ${wanted}.`);
}

const NO_SUCH_CASE = say`The link is about a case that this page does not have: choose one from the menu, or open its file.`;
