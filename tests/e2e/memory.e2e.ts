import { expect, type Page, test } from "@playwright/test";
import { openPage, settled } from "./page.ts";

/** What the page holds does not grow with what was opened before. */

const MB = 1e6;

/** Bytes of page and workers together, wasm and canvases included, after a collection; nodes and workers. */
async function held(page: Page): Promise<{ bytes: number; nodes: number; workers: number }> {
  await settled(page);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("HeapProfiler.collectGarbage");
  await cdp.send("Performance.enable");
  const { metrics } = await cdp.send("Performance.getMetrics");
  await cdp.detach();
  const bytes = await page.evaluate(async () => {
    const measure = (performance as unknown as { measureUserAgentSpecificMemory(): Promise<{ bytes: number }> })
      .measureUserAgentSpecificMemory;
    return (await measure.call(performance)).bytes;
  });
  const nodes = metrics.find(({ name }) => name === "Nodes")?.value ?? 0;
  return { bytes, nodes, workers: page.workers().length };
}

/** An npy of 1448 × 1448 bytes, no two alike: 2 MB in the file, 8 MB as the numbers on the screen. */
function twoMegabytes(number: number): { name: string; mimeType: string; buffer: Buffer } {
  const side = 1448;
  const text = `{'descr': '|u1', 'fortran_order': False, 'shape': (${side}, ${side}), }`;
  const header = `${text.padEnd(128 - 11)}\n`;
  const head = Buffer.from(`\x93NUMPY\x01\x00${String.fromCharCode(header.length, 0)}${header}`, "latin1");
  const data = Buffer.alloc(side * side);
  for (let i = 0; i < data.length; i++) data[i] = (i * (number + 3)) ^ (i >> 7);
  return { name: `scan-${number}.npy`, mimeType: "", buffer: Buffer.concat([head, data]) };
}

async function openOne(page: Page, number: number): Promise<void> {
  await page.getByLabel("Files to open").setInputFiles(twoMegabytes(number));
  const chosen = page.getByRole("combobox", { name: "Example or case" }).locator("option:checked");
  await expect(chosen).toHaveText(`scan-${number}.npy`);
}

test("memory is level after a hundred opened files of 2 MB, and the first of them is still there", {
  tag: "@ci",
}, async ({ page }) => {
  const count = 100;
  await openPage(page);
  let early = await held(page);
  for (let number = 1; number <= count; number++) {
    await openOne(page, number);
    if (number === 15) early = await held(page); // past 96 MiB of pictures (twelve) the oldest go
  }
  const late = await held(page);
  expect(late.workers).toBe(early.workers);
  expect(late.bytes - early.bytes).toBeLessThan(12 * MB); // 85 files more would be 170, their numbers 680
  expect(late.nodes - early.nodes).toBeLessThan(10 * (count - 15)); // a line of the menu each
  const menu = page.getByRole("combobox", { name: "Example or case" });
  await menu.selectOption({ label: "scan-1.npy" });
  await expect(page.locator(".case-title")).toHaveText("scan-1.npy");
  await settled(page);
  expect(await page.getByRole("alert").count()).toBe(0);
});

test("memory and workers are level after twenty changes of the model", { tag: "@ci" }, async ({ page }) => {
  const changes = 20;
  await openPage(page);
  const menu = page.getByRole("combobox", { name: "Model" });
  const names = ["lidc-prob-unet", "lidc-energy-gate"];
  let early = await held(page);
  for (let change = 0; change < changes; change++) {
    await menu.selectOption(names[change % 2] as string);
    await settled(page);
    if (change === 3) early = await held(page);
  }
  const late = await held(page);
  expect(late.workers).toBe(early.workers);
  expect(late.bytes - early.bytes).toBeLessThan(8 * MB); // a model kept from each change would be 16 times 9 (its spread filters) at least
  expect(late.nodes).toBeLessThan(1.1 * early.nodes);
});
