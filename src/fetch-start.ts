import type { Encoding } from "./core/network/encoding.ts";
import { readStart } from "./io/start/start-file.ts";
import type { Start } from "./state/explore/start/start.ts";

const files = import.meta.glob<string>("../models/start*.bin", { eager: true, query: "?url", import: "default" });

/** What the build made to be shown first; null where it is not to be had, and the page begins without it. */
export async function fetchStart(): Promise<Start | null> {
  return (await fetched("start.bin")) as Start | null;
}

/** What the network made of the start's region, so that sliders need no network; null where it is not to be had. */
export async function fetchStartEncoding(): Promise<Encoding | null> {
  return (await fetched("start-encoding.bin")) as Encoding | null;
}

/** The engine makes the same, later. */
async function fetched(name: string): Promise<unknown> {
  const url = files[`../models/${name}`];
  if (url === undefined || !("DecompressionStream" in globalThis)) return null;
  try {
    const { ok, body } = await fetch(url);
    if (!ok || !body) return null;
    const unpacked = body.pipeThrough(new DecompressionStream("deflate-raw"));
    return readStart(new Uint8Array(await new Response(unpacked).arrayBuffer()));
  } catch {
    return null;
  }
}
