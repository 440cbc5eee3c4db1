/** What core takes from the platform besides the language: page, worker and Node all have it. */
interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
}
declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>;
}
