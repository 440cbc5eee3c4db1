import { GraderspaceError } from "../../../core/errors.ts";
import { inflateUpTo } from "../../bytes/inflate.ts";

/**
 * A frame of Deflated Image Frame Compression (PS3.5 §8.2.16): its bytes as they would lie uncompressed, deflated (RFC
 * 1951), and a zero where that gives an odd length, which inflaters may take for something behind the end. The first
 * `size` bytes, fewer where there are no more; `length` is how many there are.
 * @throws DamagedFile, TooLarge
 */
export async function inflateFrame(bytes: Uint8Array, size: number, file: string) {
  try {
    return await inflateUpTo(bytes, "deflate-raw", size, file);
  } catch (error) {
    if (!(error instanceof GraderspaceError) || error.tag !== "DamagedFile" || bytes.at(-1) !== 0) throw error;
    return inflateUpTo(bytes.subarray(0, -1), "deflate-raw", size, file);
  }
}
