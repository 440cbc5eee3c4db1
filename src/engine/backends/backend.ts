import { GraderspaceError } from "../../core/errors.ts";
import { say, sayAll, type Text } from "../../core/language/say.ts";
import type { BackendName, BackendReport } from "../../core/network/model.ts";

/** A way to run the network. tfjs's three are in tfjs-backends.ts. */
export interface Backend {
  readonly name: BackendName;
  /** Makes it the one that networks are loaded on; again after a loss. Throws with the reason where that cannot be. */
  start(): Promise<Started>;
}

export interface Started {
  /** Adapter or instruction set: "SIMD, 1 thread", "NVIDIA …". */
  readonly detail: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, number>>;
  /** What is wrong with the device since it started: it was lost, or refused work; null while all is well. */
  fault(): string | null;
  /** Never resolves; rejects when the device is lost, so that nothing waits for it in vain. */
  readonly lost: Promise<never>;
}

/** A backend at work, and its place among those there are. */
export interface Running {
  readonly index: number;
  readonly started: Started;
}

export type Rejected = BackendReport["rejected"][number];

/** A file that a backend is made of did not come, or came as something else: no fault of the browser. */
export class FileMissing extends Error {}

/**
 * The first backend that starts and passes the check, from `first` on. Adds to `rejected` why the others were not taken.
 * @throws NoBackend
 */
export async function chooseBackend(
  backends: readonly Backend[],
  first: number,
  rejected: Rejected[],
  check: (started: Started) => Promise<Text | null>,
): Promise<Running> {
  let missing = false;
  for (let index = first; index < backends.length; index++) {
    const { name, start } = backends[index] as Backend;
    try {
      const started = await start();
      const problem = await Promise.race([check(started), started.lost]);
      if (problem === null) return { index, started };
      rejected.push({ backend: name, reason: problem });
    } catch (error) {
      if (!isFailure(error)) throw error;
      missing ||= error instanceof FileMissing;
      rejected.push({ backend: name, reason: reasonOf(error) });
    }
  }
  const problem = say`no way to run the network works here (${sayAll(
    rejected.map((r) => say`${r.backend}: ${r.reason}`),
    "; ",
  )})`;
  const remedy = missing
    ? say`check the connection and reload the page`
    : say`try a current Chrome, Edge, Firefox or Safari`;
  throw new GraderspaceError("NoBackend", { problem, remedy });
}

/** Whether an error is the backend's (a lost device, memory, a trap in wasm) and not the caller's or the file's. */
export function isFailure(error: unknown): boolean {
  return !(error instanceof GraderspaceError) || error.tag === "DeviceLost" || error.tag === "OutOfMemory";
}

/** What is wrong, as a clause: it stands in another sentence. */
export function reasonOf(error: unknown): Text {
  if (error instanceof GraderspaceError) return error.facts.problem;
  if (error instanceof Error) return error.message;
  if (typeof error === "object" && error !== null && "message" in error) return String(error.message);
  return String(error);
}
