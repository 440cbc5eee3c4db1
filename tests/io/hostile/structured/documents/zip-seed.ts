import { crc32, deflateRawSync } from "node:zlib";

/** One entry of a zip; what is given beside its data need not be true of it. */
export interface Entry {
  readonly name: string;
  readonly data: Uint8Array;
  readonly method?: number;
  readonly packed?: Uint8Array;
  readonly crc?: number;
  readonly size?: number;
  readonly flags?: number;
  /** In the header before the data alone. */
  readonly localName?: string;
  readonly extra?: Uint8Array;
  readonly comment?: string;
  /** Sizes and checksum stand behind the data, as writers do that cannot go back. */
  readonly descriptor?: boolean;
  /** The sizes and the place as 64-bit numbers in an extra field. */
  readonly wide?: boolean;
}

export interface Around {
  readonly comment?: string;
  readonly before?: Uint8Array;
  /** Declared entries, of those that are there. */
  readonly count?: number;
}

const DEFLATED = 8;

export function zipBytes(entries: readonly Entry[], { comment = "", before, count }: Around = {}): Buffer {
  const parts: Buffer[] = [Buffer.from(before ?? [])];
  const directory: Buffer[] = [];
  let at = parts[0]?.length ?? 0;
  for (const entry of entries) {
    const { name, data, method = DEFLATED, extra = new Uint8Array(0), descriptor = false } = entry;
    const packed = entry.packed ?? (method === DEFLATED ? deflateRawSync(data) : data);
    const said = { crc: entry.crc ?? crc32(data), packed: packed.length, size: entry.size ?? data.length, at };
    const flags = (entry.flags ?? 0) | (descriptor ? 8 : 0);
    const local = headerOf({ ...said, ...(descriptor ? { crc: 0, packed: 0, size: 0 } : {}) }, flags, method);
    const ownName = Buffer.from(entry.localName ?? name);
    const front = Buffer.concat([
      Buffer.from("PK\x03\x04"),
      local,
      lengths(ownName.length, extra.length),
      ownName,
      extra,
    ]);
    const behind = descriptor ? descriptorOf(said) : Buffer.alloc(0);
    const whole = Buffer.concat([front, packed, behind]);
    const note = Buffer.from(entry.comment ?? "");
    const wide = entry.wide ? wideOf(said) : Buffer.alloc(0);
    const short = entry.wide ? { ...said, packed: 0xffffffff, size: 0xffffffff } : said;
    const tail = Buffer.alloc(14);
    tail.writeUInt16LE(note.length, 0);
    tail.writeUInt32LE(entry.wide ? 0xffffffff : at, 10);
    directory.push(
      Buffer.concat([
        Buffer.from("PK\x01\x02\x14\0", "latin1"),
        headerOf(short, flags, method),
        lengths(Buffer.byteLength(name), extra.length + wide.length),
        tail,
        Buffer.from(name),
        wide,
        extra,
        note,
      ]),
    );
    parts.push(whole);
    at += whole.length;
  }
  const all = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(count ?? entries.length, 8);
  end.writeUInt16LE(count ?? entries.length, 10);
  end.writeUInt32LE(all.length, 12);
  end.writeUInt32LE(at, 16);
  end.writeUInt16LE(Buffer.byteLength(comment), 20);
  return Buffer.concat([...parts, all, end, Buffer.from(comment)]);
}

interface Said {
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly at: number;
}

/** From the version needed to the size: what both headers of an entry have in common. */
function headerOf({ crc, packed, size }: Said, flags: number, method: number): Buffer {
  const fields = Buffer.alloc(22);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(flags, 2);
  fields.writeUInt16LE(method, 4);
  fields.writeUInt32LE(crc, 10);
  fields.writeUInt32LE(packed, 14);
  fields.writeUInt32LE(size, 18);
  return fields;
}

function lengths(name: number, extra: number): Buffer {
  const fields = Buffer.alloc(4);
  fields.writeUInt16LE(name, 0);
  fields.writeUInt16LE(extra, 2);
  return fields;
}

function descriptorOf({ crc, packed, size }: Said): Buffer {
  const fields = Buffer.alloc(16);
  fields.write("PK\x07\x08", 0, "latin1");
  fields.writeUInt32LE(crc, 4);
  fields.writeUInt32LE(packed, 8);
  fields.writeUInt32LE(size, 12);
  return fields;
}

function wideOf({ packed, size, at }: Said): Buffer {
  const fields = Buffer.alloc(28);
  fields.writeUInt16LE(1, 0);
  fields.writeUInt16LE(24, 2);
  for (const [i, value] of [size, packed, at].entries()) fields.writeBigUInt64LE(BigInt(value), 4 + 8 * i);
  return fields;
}
