import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import { settled } from "./page.ts";

const GOLDEN = resolve(import.meta.dirname, "../golden");

/** The files of a tiny, untrained model, as a person would choose them. */
export function tinyModel(family: string): string[] {
  const folder = resolve(GOLDEN, `tiny-${family}`);
  return readdirSync(folder)
    .filter((name) => name === "config.json" || name.endsWith(".safetensors"))
    .map((name) => resolve(folder, name));
}

/** Opens a tiny model beside what is on the page; it is then the one that is shown. */
export async function openTiny(page: Page, family: string): Promise<void> {
  await page.getByLabel("Files to open").setInputFiles(tinyModel(family));
  await page.waitForFunction(
    (name) => document.querySelector<HTMLSelectElement>('select[aria-label="Model"]')?.value.startsWith(name),
    `tiny-${family}`,
  );
  await settled(page);
}
