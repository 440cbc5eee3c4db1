import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseConfig } from "../../src/core/config/parse-config.ts";
import { openChromiumPage } from "../support/chromium-page.ts";
import type { CrewTimes } from "./page/crew.ts";
import { median } from "./rounds.ts";
import type { Found, Ratio } from "./rows.ts";

/** Two workers on two cores take at most so much of one's time: 1.7 times the speed. */
const TWO_AT_MOST = 1 / 1.7;
/** Sixteen samples of a dropout network in units of a look with one sample on one worker. */
const SIXTEEN_AT_MOST = { one: 15, two: 8.5 };

/**
 * Chromium, wasm: one model worker against two, by the page's own engine, for each of the models in `models`: 16 samples
 * where each is a pass, else the map of a whole slice of 512×512 with 16 samples, whose decoder has a third worker.
 */
export async function benchCrew(models: string, names: readonly string[], rounds: number): Promise<Found> {
  const found: Found = { rows: [], ratios: {} };
  const opened = cpus().length < 2 ? { problem: "the machine has one core" } : await openChromiumPage();
  if ("problem" in opened) return { rows: [], ratios: { "crew.two/one": { value: null, reason: opened.problem } } };
  try {
    for (const name of names) {
      const sent = sentModel(`${models}/${name}`);
      const times = await opened.page.evaluate(([model, rounds]) => globalThis.graderspace.crew(model, rounds), [
        sent,
        rounds,
      ] as const);
      const { passes } = times;
      for (const workers of ["one", "two"] as const) {
        found.rows.push({
          ...{ where: "chromium", backend: "wasm", system: "graderspace", count: 16, rounds },
          what: passes ? "16 passes" : "whole slice",
          size: passes ? 128 : 512,
          milliseconds: median(times[workers]),
          note: `${name}, ${workers} ${workers === "one" ? "worker" : "workers"}`,
        });
      }
      Object.assign(found.ratios, ratiosOf(name, times, sent.config.choice === "seed"));
    }
    return found;
  } finally {
    await opened.close();
  }
}

/** Medians of the rounds' own ratios: what else the machine does in a round hits both of its sides. */
function ratiosOf(name: string, { passes, plain, one, two }: CrewTimes, dropout: boolean) {
  const over = (above: readonly number[], below: readonly number[], atMost?: number): Ratio => {
    const each = above.map((ms, k) => ms / (below[k] as number));
    const [least, most] = [Math.min(...each), Math.max(...each)].map((value) => value.toFixed(2));
    return { value: median(each), spread: `${least}–${most}`, ...(atMost !== undefined && { atMost }) };
  };
  return {
    [`crew.two/one ${name}`]: over(two, one, passes ? TWO_AT_MOST : undefined),
    ...(dropout && {
      [`crew.16/plain, one worker ${name}`]: over(one, plain, SIXTEEN_AT_MOST.one),
      [`crew.16/plain, two workers ${name}`]: over(two, plain, SIXTEEN_AT_MOST.two),
    }),
  };
}

function sentModel(folder: string) {
  const config = parseConfig(JSON.parse(readFileSync(`${folder}/config.json`, "utf8")), "config.json");
  return { config, weights: config.weights.map(({ file }) => readFileSync(`${folder}/${file}`).toString("base64")) };
}
