import { readFileSync, writeFileSync } from "node:fs";
import type { Page } from "playwright-core";

export interface PeakMemory {
  /** Forgets the most so far. */
  reset(): Promise<void>;
  /** The most memory in MB that the page's processes held at once since then, each by itself, added up. */
  most(): Promise<number>;
}

/** Of the processes behind a page, its workers' too; null where the system does not tell (it is read of Linux's /proc). */
export async function peakMemoryOf(page: Page): Promise<PeakMemory | null> {
  if (process.platform !== "linux") return null;
  const session = await page.context().browser()?.newBrowserCDPSession();
  if (!session) return null;
  const pages = async (): Promise<readonly number[]> => {
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    return processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
  };
  return {
    reset: async () => {
      // 5 puts VmHWM back to what is held now (proc_pid_clear_refs(5))
      for (const id of await pages()) writeFileSync(`/proc/${id}/clear_refs`, "5");
    },
    most: async () => {
      const each = (await pages()).map((id) => mostOf(readFileSync(`/proc/${id}/status`, "utf8")));
      return each.reduce((sum, one) => sum + one, 0);
    },
  };
}

/** MB out of "VmHWM:   123456 kB". */
function mostOf(status: string): number {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) / 1024;
}
