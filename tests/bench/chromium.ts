import { openChromiumPage } from "../support/chromium-page.ts";
import type { Budget } from "./budget.ts";
import type { Model } from "./node.ts";
import type { Found } from "./rows.ts";

const RATIO = "webgpu.decode16/naive";
const STEP = "webgpu.training step/forward, width 8";
/** SwiftShader computes WebGPU on the CPU: a smaller picture and fewer rounds there. */
const SOFTWARE = { size: 64, rounds: 3 };

/** Chromium: WebGPU (hardware or SwiftShader), and with it wasm and plain JavaScript unless `quick`. */
export async function benchChromium(model: Model, rounds: number, quick: boolean, budget: Budget): Promise<Found> {
  const opened = await openChromiumPage();
  if ("problem" in opened) return { rows: [], ratios: { [RATIO]: { value: null, reason: opened.problem } } };
  const { page, close } = opened;
  const sent = { config: model.config, weights: Buffer.from(model.weights).toString("base64") };
  const found: Found = { rows: [], ratios: {} };
  try {
    const run = async (name: "webgpu" | "wasm" | "cpu", size: number, times: number) => {
      const part = await page.evaluate(
        ([which, sent, size, times, quick]) => globalThis.graderspace[which](sent, size, times, quick),
        [name, sent, size, times, quick] as const,
      );
      found.rows.push(...part.rows);
      return part.ratios;
    };
    // first of all: a page where WebGPU has run has tfjs's own gradient of filters no more
    if (!quick && budget.allows("training on WebGPU", 120_000)) {
      try {
        const part = await page.evaluate((times) => globalThis.graderspace.training(times), SOFTWARE.rounds);
        found.rows.push(...part.rows);
        Object.assign(found.ratios, part.ratios);
      } catch (error) {
        found.ratios[STEP] = { value: null, reason: String(error) };
      }
    }
    try {
      Object.assign(found.ratios, await run("webgpu", SOFTWARE.size, SOFTWARE.rounds));
    } catch (error) {
      found.ratios[RATIO] = { value: null, reason: String(error) };
    }
    if (!quick && budget.allows("wasm in Chromium", 60_000)) {
      const { "wasm.decode16/naive": inChromium } = await run("wasm", 128, rounds);
      if (inChromium) found.ratios["chromium.wasm.decode16/naive"] = inChromium;
    }
    if (!quick && budget.allows("cpu", 40_000)) await run("cpu", SOFTWARE.size, 1);
    return found;
  } finally {
    await close();
  }
}
