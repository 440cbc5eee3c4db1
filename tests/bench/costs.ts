import { WasmDecoder } from "../../src/wasm/wasm-decoder.ts";
import type { Budget } from "./budget.ts";
import { type Comb, drawsOf, pictureOf } from "./comb-case.ts";
import { median } from "./rounds.ts";
import type { Row } from "./rows.ts";

const SIZES = [64, 128, 256, 512];
const COUNTS = [1, 4, 16, 64, 256];
/** A cell, all its rounds, takes no longer: it gets fewer rounds, and where not even one fits it is left out. */
const MOST_MS = 10_000;
const ROUNDS = 3;

/** Cost of decode + statistics on wasm as the picture and the number of samples grow. */
export async function benchCosts(comb: Comb, budget: Budget): Promise<Row[]> {
  const decoder = await WasmDecoder.create(comb.head);
  const rows: Row[] = [];
  let perPixel = 0;
  for (const size of SIZES) {
    decoder.open(pictureOf(comb, size).encoding);
    for (const count of COUNTS) {
      const once = perPixel * size * size * count;
      const rounds = Math.min(ROUNDS, once === 0 ? ROUNDS : Math.floor(MOST_MS / once) - 1); // one warms up
      if (rounds < 1 || !budget.allows(`costs at ${size}² × ${count}`, once * (rounds + 1))) continue;
      const draws = drawsOf(comb, count);
      const times: number[] = [];
      for (let round = 0; round <= rounds; round++) {
        const begun = performance.now();
        await decoder.decode(draws, { statistics: true });
        if (round > 0) times.push(performance.now() - begun); // the first warms up
      }
      const milliseconds = median(times);
      perPixel = milliseconds / (size * size * count);
      const measured = { where: "node", backend: "wasm", system: "graderspace", size, count, rounds } as const;
      rows.push({ ...measured, what: "decode + statistics", milliseconds, note: "cost grid, statistics only" });
    }
  }
  decoder.dispose();
  return rows;
}

/** The grid as an SVG: milliseconds against samples, both logarithmic, one line per size. */
export function costPicture(rows: readonly Row[]): string {
  const [width, height, left, bottom] = [560, 360, 56, 44];
  const times = rows.map(({ milliseconds }) => milliseconds);
  const low = Math.floor(Math.log10(Math.min(...times)));
  const high = Math.ceil(Math.log10(Math.max(...times)));
  const x = (count: number) => left + (Math.log2(count) / 8) * (width - left - 60);
  const y = (ms: number) => height - bottom - ((Math.log10(ms) - low) / (high - low)) * (height - bottom - 20);
  const text = (at: number, up: number, words: string, anchor = "middle") =>
    `<text x="${at.toFixed(1)}" y="${up.toFixed(1)}" text-anchor="${anchor}">${words}</text>`;
  const parts: string[] = [];
  for (let power = low; power <= high; power++) {
    const up = y(10 ** power);
    parts.push(`<path d="M${left} ${up.toFixed(1)}H${width - 60}" stroke="#ddd"/>`);
    parts.push(text(left - 6, up + 4, `${10 ** power} ms`, "end"));
  }
  for (const count of COUNTS) parts.push(text(x(count), height - bottom + 18, String(count)));
  parts.push(text((left + width - 60) / 2, height - 8, "samples"));
  SIZES.forEach((size, k) => {
    const line = rows.filter((row) => row.size === size);
    const points = line.map(({ count, milliseconds }) => `${x(count).toFixed(1)} ${y(milliseconds).toFixed(1)}`);
    const colour = ["#3b528b", "#21918c", "#5ec962", "#b5a100"][k];
    const last = line.at(-1);
    if (!last) return;
    parts.push(`<path d="M${points.join("L")}" fill="none" stroke="${colour}" stroke-width="2"/>`);
    parts.push(text(x(last.count) + 6, y(last.milliseconds) + 4, `${size}²`, "start"));
  });
  const style = "font: 12px system-ui, sans-serif";
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" style="${style}"><rect width="100%" height="100%" fill="#fff"/>${parts.join("")}</svg>\n`;
}
