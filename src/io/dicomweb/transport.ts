/** What carries the requests: io itself never fetches. The page and the command line each bring one. */
export interface ArchiveTransport {
  /** As the web's `fetch`. @throws what it throws: TypeError where no answer came, AbortError */
  send(url: string, request: ArchiveRequest): Promise<Response>;
  /** Resolves after so many milliseconds. @throws AbortError */
  wait(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export interface ArchiveRequest {
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer>;
  readonly signal?: AbortSignal;
}

/** An archive and how it is entered. */
export interface ArchiveAccess {
  /** Base address of its DICOMweb service, without a slash at the end. */
  readonly base: string;
  /** What people are told it is: the host that answers in the end. */
  readonly host: string;
  /** What a person can do in place of asking it, as an imperative clause; where there is another way to its files. */
  readonly instead?: string;
  /** The value of the Authorization header. Held in memory alone, and in no sentence. */
  readonly authorization?: string;
}

/** What one request asks beside its address. */
export interface Asked {
  readonly signal?: AbortSignal;
  /** Goes before those that wait. */
  readonly urgent?: boolean;
  /** Bytes as they come in. */
  onBytes?(count: number): void;
}

/** Basic authentication (RFC 7617), the name and password as UTF-8. */
export function basicAuthorization(user: string, password: string): string {
  const bytes = new TextEncoder().encode(`${user}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}
