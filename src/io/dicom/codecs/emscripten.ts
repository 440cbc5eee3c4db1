import { brokenStream, checkStream, type DecodedPicture, type ExpectedPicture, type StreamHeader } from "./codec.ts";

/** The shape that the three codecs of cornerstone share (embind classes around C++ decoders). */
interface WasmDecoder {
  getEncodedBuffer(size: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  getFrameInfo(): { width: number; height: number; bitsPerSample: number; componentCount: number };
  decode(): void;
  delete(): void;
}

interface WasmModule {
  readonly [decoder: string]: unknown;
  readonly HEAPU8?: Uint8Array;
}

export type WasmFactory = (options: {
  locateFile(): string;
  print(line: string): void;
  printErr(line: string): void;
}) => Promise<WasmModule>;

/** Past this a codec's memory, which never shrinks, is given back with the codec. */
const KEPT_HEAP = 96 << 20;

/** A codec compiled to WebAssembly, loaded when first needed and made anew after it failed. */
export class WasmCodec {
  private readonly what: string;
  private readonly className: string;
  private readonly wasm: string;
  private readonly load: () => Promise<WasmFactory>;
  private module: Promise<WasmModule> | null = null;
  private complaints = 0;

  constructor(what: string, className: string, wasm: URL, load: () => Promise<WasmFactory>) {
    this.what = what;
    this.className = className;
    this.wasm = wasm.href;
    this.load = load;
  }

  /** @throws DamagedFile, UnsupportedPixels */
  async decode(
    bytes: Uint8Array,
    header: StreamHeader,
    expected: ExpectedPicture,
    components?: readonly number[],
  ): Promise<DecodedPicture> {
    checkStream(header, expected, bytes.length, components);
    this.module ??= this.start();
    const module = await this.module;
    this.complaints = 0;
    try {
      const picture = this.run(module, bytes);
      if (picture.width !== expected.width || picture.height !== expected.height) throw new RangeError("size");
      if ((module.HEAPU8?.length ?? 0) > KEPT_HEAP) this.module = null;
      return picture;
    } catch {
      // What a codec throws is a number or an abort, and its memory may be in any state.
      this.module = null;
      throw brokenStream(expected.file, this.what);
    }
  }

  private async start(): Promise<WasmModule> {
    const factory = await this.load();
    const complain = (line: string) => {
      if (/error|fail/i.test(line)) this.complaints++;
    };
    return factory({ locateFile: () => this.wasm, print: complain, printErr: complain });
  }

  private run(module: WasmModule, bytes: Uint8Array): DecodedPicture {
    const decoder = new (module[this.className] as new () => WasmDecoder)();
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
    if (this.complaints > 0) throw new RangeError("the codec complained");
    const { width, height, bitsPerSample, componentCount } = decoder.getFrameInfo();
    const bytesPerSample = bitsPerSample <= 8 ? 1 : 2;
    const decoded = decoder.getDecodedBuffer();
    if (decoded.length < width * height * componentCount * bytesPerSample) throw new RangeError("too few pixels");
    const copy = decoded.slice(0, width * height * componentCount * bytesPerSample);
    decoder.delete();
    return { width, height, bytes: copy, bytesPerSample, components: componentCount };
  }
}
