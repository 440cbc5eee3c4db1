import type { Encoding } from "./core/network/encoding.ts";
import { readWhileMoving } from "./engine/calls/read-while-moving.ts";
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

/** Seconds without a byte until a file is given up: no stalled line holds what comes after it, the engine above all. */
const PATIENCE = 8;

/** The engine makes the same, later. */
async function fetched(name: string): Promise<unknown> {
  const url = files[`../models/${name}`];
  if (url === undefined || !("DecompressionStream" in globalThis)) return null;
  try {
    const packed = async (signal: AbortSignal) => {
      const { ok, body } = await fetch(url, { signal });
      return ok && body ? body.pipeThrough(new DecompressionStream("deflate-raw")) : null;
    };
    const unpacked = await readWhileMoving(packed, aSecond, PATIENCE);
    return unpacked && readStart(unpacked);
  } catch {
    return null;
  }
}

function aSecond(): Promise<void> {
  return new Promise((passed) => setTimeout(passed, 1000));
}
