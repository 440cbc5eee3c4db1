/** Whether these letters (Latin-1) stand at byte `at`. */
export function startsWith(bytes: Uint8Array, letters: string, at = 0): boolean {
  for (let i = 0; i < letters.length; i++) if (bytes[at + i] !== letters.charCodeAt(i)) return false;
  return true;
}

/** The text that a file begins with, in UTF-8 or (by its mark, or a "<" of two bytes) in UTF-16, without white space before it. */
export function leadingText(head: Uint8Array): string {
  const utf16 =
    startsWith(head, "\xff\xfe") || startsWith(head, "<\0")
      ? "utf-16le"
      : startsWith(head, "\xfe\xff") || startsWith(head, "\0<")
        ? "utf-16be"
        : null;
  return new TextDecoder(utf16 ?? "utf-8").decode(head.subarray(0, 512)).trimStart();
}
