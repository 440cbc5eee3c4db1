/** What may be untrue of an entry. */
interface Odd {
  readonly kind?: string;
  readonly size?: string;
  readonly sum?: string;
  readonly magic?: string;
}

const octal = (value: number, digits: number) => value.toString(8).padStart(digits, "0");

/** A tar of POSIX.1-1988 (ustar): a header of 512 bytes and the data, filled up to as many, for each file. */
export function tarBytes(files: Readonly<Record<string, Uint8Array>>, odd: Odd = {}): Buffer {
  const entries = Object.entries(files).map(([name, data]) => tarEntry(name, data, odd));
  return Buffer.concat([...entries, Buffer.alloc(1024)]);
}

export function tarEntry(
  name: string,
  data: Uint8Array,
  { kind = "0", size, sum, magic = "ustar\x0000" }: Odd = {},
): Buffer {
  const header = Buffer.alloc(512);
  header.write(name.slice(0, 100), 0);
  header.write("0000644\0", 100);
  header.write(size ?? `${octal(data.length, 11)}\0`, 124, "latin1");
  header.write("        ", 148);
  header.write(kind, 156);
  header.write(magic, 257, "latin1");
  const total = header.reduce((all, byte) => all + byte, 0);
  header.write(sum ?? `${octal(total, 6)}\0 `, 148, "latin1");
  return Buffer.concat([header, data, Buffer.alloc((512 - (data.length % 512)) % 512)]);
}
