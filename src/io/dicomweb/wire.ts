import { GraderspaceError, isAbort, throwIfAborted } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
import { LIMITS } from "../bytes/limits.ts";
import { badStatus, CAUSE_HEADER, noAnswer, oddAnswer } from "./refusal.ts";
import type { ArchiveAccess, ArchiveRequest, ArchiveTransport, Asked } from "./transport.ts";

/** Requests under way at once: what browsers give one host. */
const MOST_AT_ONCE = 6;
/** Tries of a request that was cut, or to which the archive answered that it failed. */
const MOST_TRIES = 3;
/** Waits of a request to which the archive answers that it is busy. */
const MOST_WAITS = 6;
const LONGEST_WAIT = 120_000;

/** What came of a request. */
export interface Answer {
  readonly status: number;
  /** Content-Type; "" where it is not said. */
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A request without its transport's part: `path` follows the base, `what` is it for people. */
export interface WireRequest {
  readonly path: string;
  readonly accept: string;
  readonly what: string;
  readonly body?: { readonly type: string; readonly bytes: Uint8Array<ArrayBuffer> };
  /** Statuses beside 2xx that are an answer too. */
  readonly also?: readonly number[];
  /** Whether all of it came; missing: any answer is whole. */
  whole?(answer: Answer): boolean;
}

/**
 * Requests to one archive: at most six at once, tried again where they were cut, and after the wait that the archive asks
 * for where it is busy. All of them may be asked twice: what is stored twice is the same object.
 */
export class ArchiveWire {
  private readonly access: ArchiveAccess;
  private readonly transport: ArchiveTransport;
  private authorization: string | undefined;
  private running = 0;
  private readonly waiting: { readonly urgent: boolean; start(): void }[] = [];
  private answered = false;
  private accepted = false;

  constructor(access: ArchiveAccess, transport: ArchiveTransport) {
    this.access = access;
    this.transport = transport;
    this.authorization = access.authorization;
  }

  get host(): string {
    return this.access.host;
  }

  /** The sentence for an answer that is no success to somebody who was let in. */
  refused(status: number, what: string): GraderspaceError {
    return badStatus(this.access, status, what, true);
  }

  /** From now on; what waits in line is asked with it, too. */
  logIn(authorization: string): void {
    this.authorization = authorization;
    this.accepted = false;
  }

  /** @throws ArchiveLogin, ArchiveNotFound, ArchiveBusy, ArchiveUnreachable, ArchiveAnswer, TooLarge, Aborted */
  async ask(request: WireRequest, asked: Asked = {}): Promise<Answer> {
    await this.turn(asked);
    try {
      return await this.tried(request, asked);
    } finally {
      this.running--;
      this.waiting.shift()?.start();
    }
  }

  private turn({ urgent = false, signal }: Asked): Promise<void> {
    throwIfAborted(signal);
    if (this.running < MOST_AT_ONCE) {
      this.running++;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const entry = {
        urgent,
        start: () => {
          signal?.removeEventListener("abort", leave);
          this.running++;
          resolve();
        },
      };
      const leave = () => {
        this.waiting.splice(this.waiting.indexOf(entry), 1);
        reject(cancelled());
      };
      signal?.addEventListener("abort", leave, { once: true });
      const behind = urgent ? this.waiting.findIndex((other) => !other.urgent) : -1;
      this.waiting.splice(behind < 0 ? this.waiting.length : behind, 0, entry);
    });
  }

  private async tried(request: WireRequest, asked: Asked): Promise<Answer> {
    let [tries, waits] = [0, 0];
    for (;;) {
      const { answer, error, wait } = await this.once(request, asked, waits);
      if (answer) return answer;
      const more = wait === null ? ++tries < MOST_TRIES : ++waits <= MOST_WAITS;
      if (!more) throw error;
      try {
        await this.transport.wait(wait ?? 250 * 4 ** (tries - 1), asked.signal);
      } catch (problem) {
        throw isAbort(problem) ? cancelled() : problem;
      }
    }
  }

  /** The answer, or an error after which it may be tried again, `wait` ms from now where the archive says so. */
  private async once(
    request: WireRequest,
    { signal, onBytes }: Asked,
    waits: number,
  ): Promise<{ readonly answer?: Answer; readonly error?: GraderspaceError; readonly wait: number | null }> {
    const { base } = this.access;
    const { authorization } = this;
    const { body } = request;
    const sent: ArchiveRequest = {
      method: body ? "POST" : "GET",
      headers: {
        Accept: request.accept,
        ...(body && { "Content-Type": body.type }),
        ...(authorization !== undefined && { Authorization: authorization }),
      },
      ...(body && { body: body.bytes }),
      ...(signal && { signal }),
    };
    let response: Response;
    try {
      response = await this.transport.send(`${base}${request.path}`, sent);
    } catch (problem) {
      if (signal?.aborted || isAbort(problem)) throw cancelled();
      const error = noAnswer(this.access, codeOf(problem), this.answered);
      if (!this.answered) throw error;
      return { error, wait: null };
    }
    const { status, headers } = response;
    const cause = headers.get(CAUSE_HEADER);
    if (cause !== null) {
      await drop(response);
      const error = noAnswer(this.access, cause, this.answered);
      if (!this.answered) throw error;
      return { error, wait: null };
    }
    this.answered = true;
    if (!response.ok && !request.also?.includes(status)) {
      await drop(response);
      const error = badStatus(this.access, status, request.what, this.accepted);
      const busy = status === 429 || (status === 503 && headers.has("retry-after"));
      if (busy) return { error, wait: retryAfter(headers, waits) };
      if (status >= 500) return { error, wait: null };
      throw error;
    }
    this.accepted = true;
    try {
      const bytes = await bodyOf(response, request.what, onBytes);
      const answer = { status, type: headers.get("content-type") ?? "", bytes };
      if (request.whole?.(answer) ?? true) return { answer, wait: null };
      return { error: noAnswer(this.access, null, true), wait: null };
    } catch (problem) {
      if (problem instanceof GraderspaceError) throw problem;
      if (signal?.aborted || isAbort(problem)) throw cancelled();
      return { error: noAnswer(this.access, codeOf(problem), true), wait: null };
    }
  }

  /** The answer as a list of JSON data sets; a page of HTML in its place is said. @throws ArchiveAnswer, as `ask` */
  async askJson(path: string, what: string, asked: Asked = {}): Promise<readonly unknown[]> {
    const { status, type, bytes } = await this.ask({ path, what, accept: "application/dicom+json" }, asked);
    if (status === 204 || bytes.length === 0) return []; // nothing matches
    try {
      const json: unknown = JSON.parse(new TextDecoder().decode(bytes));
      if (Array.isArray(json)) return json;
    } catch {
      // said below
    }
    throw oddAnswer(this.host, say`it sent ${type.split(";")[0] || "something"} in the place of ${what}`);
  }
}

async function bodyOf(response: Response, what: string, onBytes: Asked["onBytes"]): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let received = 0;
  const reader = response.body?.getReader();
  for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
    parts.push(next.value);
    received += next.value.length;
    onBytes?.(next.value.length);
    if (received > LIMITS.fileBytes) {
      await reader?.cancel();
      throw new GraderspaceError("TooLarge", {
        problem: say`${what} is longer than what is read`,
        remedy: say`open a part of it`,
      });
    }
  }
  const bytes = new Uint8Array(received);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

async function drop(response: Response): Promise<void> {
  await response.body?.cancel().catch(() => undefined);
}

/** Retry-After in seconds or as a date against the answer's own Date (RFC 9110 §10.2.3); else a wait that doubles. */
function retryAfter(headers: Headers, waits: number): number {
  const said = headers.get("retry-after") ?? "";
  const until = Date.parse(said) - Date.parse(headers.get("date") ?? "");
  const asked = /^\d+$/.test(said) ? 1000 * Number(said) : Number.isFinite(until) ? until : 500 * 2 ** waits;
  return Math.min(LONGEST_WAIT, Math.max(0, asked));
}

function codeOf(problem: unknown): string | null {
  const cause = problem instanceof Error ? problem.cause : null;
  const code = cause && typeof cause === "object" && "code" in cause ? cause.code : null;
  return typeof code === "string" ? code : null;
}

function cancelled(): GraderspaceError {
  return new GraderspaceError("Aborted", { problem: say`the run was cancelled` });
}
