import { varint } from "../../../support/onnx-bytes.ts";

/** A field of a protocol buffer as it stands in the file: its number, how it is written, and its bytes or fields. */
export interface Part {
  number: number;
  /** 0: varint, 1: eight bytes, 2: bytes with their length, 5: four bytes. */
  wire: number;
  body: Uint8Array | Part[];
}

/** Fields of a message, and of those in it; what can be read as a message is. Null: it is none. */
export function partsOf(bytes: Uint8Array): Part[] | null {
  const parts: Part[] = [];
  let at = 0;
  const whole = (): number | null => {
    let value = 0;
    for (let shift = 0; shift < 63; shift += 7) {
      const byte = bytes[at++];
      if (byte === undefined) return null;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
    return null;
  };
  while (at < bytes.length) {
    const key = whole();
    if (key === null || key < 8) return null;
    const [number, wire] = [Math.floor(key / 8), key % 8];
    const begun = at;
    const length = wire === 0 ? whole() : wire === 1 ? 8 : wire === 5 ? 4 : wire === 2 ? whole() : null;
    if (length === null) return null;
    if (wire === 0) {
      parts.push({ number, wire, body: bytes.slice(begun, at) });
      continue;
    }
    if (at + length > bytes.length) return null;
    const body = bytes.slice(at, at + length);
    at += length;
    parts.push({ number, wire, body: (wire === 2 && length > 0 && partsOf(body)) || body });
  }
  return parts;
}

export function bytesOf(parts: readonly Part[]): Uint8Array {
  const out: Uint8Array[] = [];
  for (const { number, wire, body } of parts) {
    const bytes = body instanceof Uint8Array ? body : bytesOf(body);
    out.push(Uint8Array.from([...varint(number * 8 + wire), ...(wire === 2 ? varint(bytes.length) : [])]), bytes);
  }
  return new Uint8Array(Buffer.concat(out));
}

/** Every field, at whatever depth, with the list that it stands in. */
export function everyPart(parts: Part[]): { readonly part: Part; readonly among: Part[] }[] {
  return parts.flatMap((part) => [
    { part, among: parts },
    ...(part.body instanceof Uint8Array ? [] : everyPart(part.body)),
  ]);
}
