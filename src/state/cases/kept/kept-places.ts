import type { CaseId, FrameKey } from "../../app/identity.ts";
import type { Case, State } from "../../app/shape.ts";
import { EXAMPLES } from "../library.ts";

/** What was drawn on the built-in examples is kept under this name. */
export const EXAMPLES_OPENING = "examples";

/** Where the work on a case is kept: which opening, and the case's place in it. */
export interface KeptPlace {
  readonly id: string;
  readonly place: string;
}

/** Where the work on each case of the page is kept. */
export class KeptPlaces {
  private readonly state: () => Pick<State, "entries" | "cases">;
  /** Ids of openings by the shelf or the case that they became. */
  private readonly openings = new Map<string, string>();
  /** Cases on the page of which the person wants nothing kept. */
  private readonly forgotten = new Set<CaseId>();

  constructor(state: () => Pick<State, "entries" | "cases">) {
    this.state = state;
  }

  /** An opening became this case, or the pack that it is of. */
  add(caseId: CaseId, id: string): void {
    this.openings.set(this.shelfOf(caseId) ?? caseId, id);
  }

  idOf(caseId: CaseId): string | undefined {
    const shelf = this.shelfOf(caseId);
    if (shelf === EXAMPLES) return EXAMPLES_OPENING;
    return this.openings.get(shelf ?? caseId);
  }

  /** Null where nothing is kept of the case. */
  of(found: Case): KeptPlace | null {
    const id = this.idOf(found.id);
    if (id === undefined || this.forgotten.has(found.id)) return null;
    return { id, place: found.pack ? found.id.slice(found.pack.shelf.length + 1) : "0" };
  }

  /** Of the case that the frame belongs to. */
  ofFrame(key: FrameKey): KeptPlace | null {
    const found = [...this.state().cases.values()].find(({ id }) => key.startsWith(`${id}#`));
    return found ? this.of(found) : null;
  }

  forget(id: string): void {
    for (const [name, of] of this.openings) if (of === id) this.openings.delete(name);
  }

  /** Nothing is kept any more of the cases that are on the page. */
  forgetCases(): void {
    for (const id of this.state().cases.keys()) this.forgotten.add(id);
  }

  private shelfOf(caseId: CaseId): string | undefined {
    return this.state().entries.find(({ id }) => id === caseId)?.pack?.shelf;
  }
}

/** The place in one word, the same in every tab. */
export function tokenOf({ id, place }: KeptPlace): string {
  return `${id}/${place}`;
}
