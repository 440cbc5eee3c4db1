/** What a browser tells of the machine. */
export interface Machine {
  /** Processors that a page may use at once. */
  readonly cores: number;
  /** Gibibytes, as far as it is told: browsers round it and stop at 8. */
  readonly memoryGb?: number;
  readonly phone: boolean;
}

/**
 * One more at work on the default model added 54 MB to the most that Chromium's process of the page held (428 MB before,
 * 482 MB after: one run each, without the filters of winograd.wat, four times the weights: 35 MB); a gibibyte a worker leaves room for larger models, and for the page itself.
 */
const MOST = 8;
const MOST_ON_PHONES = 2;

/** How many model workers may work at once: one a core, one a gibibyte, few on phones; at least 1. */
export function crewSize({ cores, memoryGb = 4, phone }: Machine): number {
  return Math.max(1, Math.min(cores, Math.floor(memoryGb), phone ? MOST_ON_PHONES : MOST));
}

export function thisMachine(): Machine {
  const { hardwareConcurrency, deviceMemory, userAgentData, userAgent } = navigator as Navigator & {
    readonly deviceMemory?: number;
    readonly userAgentData?: { readonly mobile: boolean };
  };
  const phone = userAgentData?.mobile ?? /Mobi|Android|iPhone/.test(userAgent);
  return { cores: hardwareConcurrency, ...(deviceMemory !== undefined && { memoryGb: deviceMemory }), phone };
}
