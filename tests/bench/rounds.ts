export interface Competitor {
  readonly name: string;
  run(): Promise<unknown>;
}

/**
 * Median milliseconds of each competitor over so many rounds after a warm-up. They take turns within a round, each
 * round beginning with another one, so that whatever else the machine does hits all of them.
 */
export async function takeTurns(competitors: readonly Competitor[], rounds: number, warmUps = 2): Promise<number[]> {
  return (await timeTurns(competitors, rounds, warmUps)).map(median);
}

/** … and the milliseconds of every round. */
export async function timeTurns(
  competitors: readonly Competitor[],
  rounds: number,
  warmUps: number,
): Promise<number[][]> {
  for (let k = 0; k < warmUps; k++) for (const { run } of competitors) await run();
  const times: number[][] = competitors.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (let k = 0; k < competitors.length; k++) {
      const turn = (k + round) % competitors.length;
      const begun = performance.now();
      await competitors[turn]?.run();
      times[turn]?.push(performance.now() - begun);
    }
  }
  return times;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] as number)) / 2;
}
