import type { PageReader } from "../../app/intent.ts";

/** What was done to one case: enough to bring it back. */
export interface KeptWork {
  /** The view, as the address says it. */
  readonly hash: string;
  readonly you: readonly KeptOutline[];
  /** The other readers in the page; missing in what was kept when there were none. */
  readonly readers?: readonly KeptReader[];
  /** Whether "You" finished the case blinded. */
  readonly done?: boolean;
}

/** Somebody who draws in the page, with the outlines on one case. */
export interface KeptReader extends PageReader {
  readonly done: boolean;
  readonly outlines: readonly KeptOutline[];
}

/** An outline on one frame, from 0: eight pixels a byte, row by row, the highest bit first. */
export interface KeptOutline {
  readonly frame: number;
  readonly width: number;
  readonly height: number;
  readonly bits: Uint8Array;
}

/** What was opened together, and the work on each case of it by the case's place there. */
export interface KeptOpening {
  readonly id: string;
  readonly title: string;
  /** Of its files. */
  readonly bytes: number;
  /** Milliseconds since 1970 of when it was opened or taken up last. */
  readonly opened: number;
  readonly works: Readonly<Record<string, KeptWork>>;
}

/** What the person chose for good: what a mask opened alone is; whether work is kept; what is unfolded; what was seen; how tables are written. */
export type KeptChoice = "masks" | "keeping" | "more" | "seen" | "regions" | "tables";

/** Where work outlives the page, on this machine. Every call may be refused: a private window, a full disk. */
export interface KeptStorage {
  /** What is kept, the last opened first. */
  list(): Promise<readonly KeptOpening[]>;
  /** The files of an opening, drop by drop. */
  files(id: string): Promise<readonly (readonly File[])[]>;
  /** Files that were dropped together: of a new opening, or more of one that is kept. */
  addFiles(id: string, title: string, files: readonly File[]): Promise<void>;
  keepWork(id: string, place: string, work: KeptWork): Promise<void>;
  forget(id: string): Promise<void>;
  /** Everything that the page keeps on this machine, but its own code. */
  forgetAll(): Promise<void>;
  /** A choice that the person made for good; null where none was made. */
  choice(of: KeptChoice): Promise<string | null>;
  /** Keeps a choice; null: none any more. */
  choose(of: KeptChoice, value: string | null): Promise<void>;
  /** Tells the other tabs that this one works on a case from now on. */
  claim(token: string): void;
  /** Another tab works on a case from now on. */
  onClaimed(listener: (token: string) => void): void;
}
