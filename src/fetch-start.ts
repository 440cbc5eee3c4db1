import { readStart } from "./io/start/start-file.ts";
import type { Start } from "./state/explore/start/start.ts";

/** What the build made to be shown first; null where it is not to be had, and the page begins without it. */
export async function fetchStart(url: string | undefined): Promise<Start | null> {
  if (url === undefined || !("DecompressionStream" in globalThis)) return null;
  try {
    const { ok, body } = await fetch(url);
    if (!ok || !body) return null;
    const unpacked = body.pipeThrough(new DecompressionStream("deflate-raw"));
    return readStart(new Uint8Array(await new Response(unpacked).arrayBuffer())) as Start;
  } catch {
    return null; // the engine makes the same, later
  }
}
