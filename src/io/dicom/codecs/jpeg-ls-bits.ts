/** Bits of a JPEG-LS scan: behind each 0xff a zero bit is stuffed, and a byte from 0x80 on is a marker (T.87 A.1). */
export class JpegLsBits {
  private readonly bytes: Uint8Array;
  private at: number;
  /** The next bits, from the top. */
  private top = 0;
  private count = 0;
  private behindFf = false;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  /** 1 to 16 bits; −1 where the data has ended. */
  read(count: number): number {
    if (this.count < count) this.fill();
    if (this.count < count) return -1;
    const value = this.top >>> (32 - count);
    this.drop(count);
    return value;
  }

  /**
   * A limited-length Golomb code (A.5.3): zeros, a one, and k bits; from limit − bits − 1 zeros on the value itself in
   * so many bits. −1 where the data is broken.
   */
  golomb(k: number, limit: number, bitsOfRange: number): number {
    const most = limit - bitsOfRange - 1;
    let zeros = 0;
    for (;;) {
      if (this.count === 0) this.fill();
      if (this.count === 0) return -1;
      const leading = Math.clz32(this.top);
      if (leading < this.count) {
        zeros += leading;
        this.drop(leading + 1);
        break;
      }
      zeros += this.count;
      this.drop(this.count);
      if (zeros > most) return -1;
    }
    if (zeros > most) return -1;
    if (zeros === most) {
      const value = this.read(bitsOfRange);
      return value < 0 ? -1 : value + 1;
    }
    if (k === 0) return zeros;
    if (k > 16) return -1;
    const low = this.read(k);
    return low < 0 ? -1 : zeros * 2 ** k + low;
  }

  private fill(): void {
    while (this.count <= 24) {
      const byte = this.bytes[this.at];
      if (byte === undefined || (this.behindFf && byte >= 0x80)) return;
      if (byte === 0xff && (this.bytes[this.at + 1] ?? 0xff) >= 0x80) return;
      const width = this.behindFf ? 7 : 8;
      this.top |= byte << (32 - width - this.count);
      this.count += width;
      this.behindFf = byte === 0xff;
      this.at++;
    }
  }

  private drop(count: number): void {
    this.top = count === 32 ? 0 : this.top << count;
    this.count -= count;
  }
}
