/** One part of a multipart answer. */
export interface AnswerPart {
  /** Content-Type; "" where it is not said. */
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * The parts of a multipart/related answer (RFC 2046 §5.1.1, RFC 2387), or the whole of a single-part one. A part's
 * Content-Length is believed where a boundary follows it. Null where the last boundary is missing: the answer is cut.
 */
export function multipartOf(bytes: Uint8Array<ArrayBuffer>, type: string): readonly AnswerPart[] | null {
  if (!/^\s*multipart\//i.test(type)) return [{ type, bytes }];
  const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(type)?.slice(1).find(Boolean);
  if (boundary === undefined) return null;
  const mark = ascii(`--${boundary}`);
  const parts: AnswerPart[] = [];
  let at = find(bytes, mark, 0);
  while (at >= 0) {
    at += mark.length;
    if (bytes[at] === DASH && bytes[at + 1] === DASH) return parts;
    const head = find(bytes, LINE, at);
    if (head < 0) return null;
    const empty = bytes[head + 2] === CR && bytes[head + 3] === LF; // no header at all
    const end = empty ? head + 4 : find(bytes, BLANK, head) + BLANK.length;
    if (end < BLANK.length) return null;
    const headers = new TextDecoder("latin1").decode(bytes.subarray(head, end));
    const length = Number(/^content-length:\s*(\d+)/im.exec(headers)?.[1] ?? Number.NaN);
    const border = ascii(`\r\n--${boundary}`);
    const next = startsAt(bytes, border, end + length) ? end + length : find(bytes, border, end);
    if (next < 0) return null;
    parts.push({
      type: /^content-type:\s*([^\r\n]*)/im.exec(headers)?.[1]?.trim() ?? "",
      bytes: bytes.subarray(end, next),
    });
    at = next + 2;
  }
  return null;
}

const [CR, LF, DASH] = [13, 10, 45];
const LINE = ascii("\r\n");
const BLANK = ascii("\r\n\r\n");

function find(bytes: Uint8Array, wanted: Uint8Array, from: number): number {
  const first = wanted[0] as number;
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (startsAt(bytes, wanted, at)) return at;
  }
  return -1;
}

function startsAt(bytes: Uint8Array, wanted: Uint8Array, at: number): boolean {
  if (!(at >= 0) || at + wanted.length > bytes.length) return false;
  for (let i = 0; i < wanted.length; i++) if (bytes[at + i] !== wanted[i]) return false;
  return true;
}

/** Files as one multipart/related body; the boundary is in none of them. */
export function relatedParts(
  files: readonly Uint8Array[],
  type: string,
): { readonly type: string; readonly bytes: Uint8Array<ArrayBuffer> } {
  let boundary = "graderspace";
  while (files.some((file) => find(file, ascii(`--${boundary}`), 0) >= 0)) boundary += "-";
  const parts = files.flatMap((file) => [
    ascii(`\r\n--${boundary}\r\nContent-Type: ${type}\r\nContent-Length: ${file.length}\r\n\r\n`),
    file,
  ]);
  const all = [...parts, ascii(`\r\n--${boundary}--\r\n`)];
  const bytes = new Uint8Array(all.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of all) {
    bytes.set(part, at);
    at += part.length;
  }
  return { type: `multipart/related; type="${type}"; boundary=${boundary}`, bytes };
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
