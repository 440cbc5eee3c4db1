import { type Message, say, type Text } from "./language/say.ts";

/** What can go wrong, as a closed set: each tag has one sentence, made here from its facts. */
export type ErrorTag =
  // files
  | "UnknownFormat"
  | "UnsupportedPixels"
  | "NotAnImage"
  | "TruncatedFile"
  | "DamagedFile"
  | "TooLarge"
  | "NoSuchFrame"
  | "GeometryMismatch"
  | "WrongSession"
  | "CannotExport"
  // models
  | "ModelMissingTensor"
  | "ModelWrongShape"
  | "ModelWrongDtype"
  | "ModelTruncated"
  | "ModelHashDiffers"
  | "ModelConfig"
  | "ModelNotFound"
  // engines
  | "NoBackend"
  | "DeviceLost"
  | "OutOfMemory"
  | "WorkerLost"
  // archives
  | "ArchiveUnreachable"
  | "ArchiveLogin"
  | "ArchiveNotFound"
  | "ArchiveBusy"
  | "ArchiveAnswer"
  // calls
  | "BadArgument"
  | "NetworkFailed"
  | "Aborted";

export interface ErrorFacts {
  /** Name of the file or input the sentence is about, where there is one. */
  readonly file?: string;
  /** What is wrong, as a clause: "its pixel data ends after 12 of 512 rows". */
  readonly problem: Text;
  /** What the person can do, as an imperative clause: "export it again as uncompressed DICOM". */
  readonly remedy?: Text;
}

/**
 * The only error that leaves a module on purpose. `message` is the sentence a person reads: which file, what is
 * wrong, what to do; in English there, and as a message for the page in `sentence`. Survives structured cloning as `toPlain()` / `fromPlain()`, keeping its tag.
 */
export class GraderspaceError extends Error {
  readonly tag: ErrorTag;
  readonly facts: ErrorFacts;

  constructor(tag: ErrorTag, facts: ErrorFacts) {
    super(sentenceOf(facts).english);
    this.name = "GraderspaceError";
    this.tag = tag;
    this.facts = facts;
  }

  get sentence(): Message {
    return sentenceOf(this.facts);
  }
}

export interface PlainError {
  readonly tag: ErrorTag;
  readonly facts: ErrorFacts;
}

/** For crossing a worker border: the tag and the facts, without the prototype that structured cloning loses. */
export function toPlain(error: unknown): PlainError {
  if (error instanceof GraderspaceError) return { tag: error.tag, facts: error.facts };
  if (isAbort(error)) return { tag: "Aborted", facts: { problem: say`the run was cancelled` } };
  const problem = error instanceof Error ? error.message : String(error);
  if (PIECE_MISSING.test(problem)) return { tag: "NetworkFailed", facts: PIECE_FACTS };
  return { tag: "WorkerLost", facts: { problem } };
}

/** How Chromium, Firefox and Safari say that the code of an `import()` did not come, and Vite that its styles did not. */
const PIECE_MISSING =
  /dynamically imported module|importing a module script failed|is not a valid javascript mime type|unable to preload css/i;
const PIECE_FACTS: ErrorFacts = {
  problem: say`a piece of this page could not be fetched`,
  remedy: say`check the connection and try again, or reload the page for its newest version`,
};

export function fromPlain(plain: PlainError): GraderspaceError {
  return new GraderspaceError(plain.tag, plain.facts);
}

export function isAbort(error: unknown): boolean {
  if (error instanceof GraderspaceError) return error.tag === "Aborted";
  return error instanceof Error && error.name === "AbortError";
}

/** The reason for which a signal was aborted, thrown as an `Aborted` error; nothing when it was not. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new GraderspaceError("Aborted", { problem: say`the run was cancelled` });
}

const LONGEST_NAME = 80;

/** A file's name as a sentence holds it: at most 80 characters, its beginning and its end. */
function shortName(file: string): string {
  if (file.length <= LONGEST_NAME) return file;
  const end = file.slice(-24);
  return `${file.slice(0, LONGEST_NAME - end.length - 1)}…${end}`;
}

function sentenceOf({ file, problem, remedy }: ErrorFacts): Message {
  if (file !== undefined) {
    const name = shortName(file);
    return remedy === undefined ? say`${name}: ${problem}.` : say`${name}: ${problem}; ${remedy}.`;
  }
  const message = remedy === undefined ? say`${problem}.` : say`${problem}; ${remedy}.`;
  return { ...message, english: capitalised(message.english) };
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
