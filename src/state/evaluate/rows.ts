import type { CalibrationSums } from "../../core/measures/calibration.ts";
import type { CaseFigures } from "../../core/measures/evaluation.ts";
import type { SampleOrder } from "../../core/random/orders.ts";

/** One finished case of one system: numbers and the case's id, nothing else of the pack. */
export interface EvaluatedRow {
  /** Index of the case in the pack. */
  readonly row: number;
  readonly id: string;
  /** Grader slots, the empty ones too. */
  readonly graders: number;
  readonly figures: CaseFigures;
  /** Of the samples that stand for many draws, where they were asked for. */
  readonly representative?: { readonly ged2: number; readonly hmIou: number };
  readonly calibration: CalibrationSums;
  /** 48 bits of the sha256 of what the network saw and the graders drew: another picture, another number. */
  readonly check: number;
}

/** What was asked for last of a pack, so that it can be gone on with after a reload. */
export interface KeptOrder {
  /** Hashes of the systems' weights. */
  readonly systems: readonly string[];
  readonly seed: number;
  readonly count: number;
  /** Draws that samples are to stand for, beside the first ones. */
  readonly representativeOf?: number;
  /** How draws of z belong together; missing: "iid". */
  readonly order?: SampleOrder;
  /** How many cases; null for all. */
  readonly limit: number | null;
  /** How many cases that was; missing in what was kept before this was. */
  readonly cases?: number;
  /** A hash of the pack's title. */
  readonly titled?: string;
}

/** Where finished rows outlive the page. `pack` and `run` are hashes: neither names a file nor a person. */
export interface EvaluationRows {
  order(pack: string): Promise<KeptOrder | null>;
  /** What was asked for last of every pack. */
  orders(): Promise<readonly (readonly [pack: string, order: KeptOrder])[]>;
  keepOrder(pack: string, order: KeptOrder): Promise<void>;
  /** Rows of one run: one pack, system, seed and number of samples. */
  rows(run: string): Promise<readonly EvaluatedRow[]>;
  keep(run: string, row: EvaluatedRow): Promise<void>;
  forget(run: string): Promise<void>;
}

/** Rows that last as long as the page: where the browser keeps nothing, and in tests. */
export function rowsInMemory(): EvaluationRows {
  const orders = new Map<string, KeptOrder>();
  const runs = new Map<string, Map<number, EvaluatedRow>>();
  return {
    order: async (pack) => orders.get(pack) ?? null,
    orders: async () => [...orders],
    keepOrder: async (pack, order) => void orders.set(pack, order),
    rows: async (run) => [...(runs.get(run)?.values() ?? [])],
    async keep(run, row) {
      const rows = runs.get(run) ?? new Map<number, EvaluatedRow>();
      runs.set(run, rows.set(row.row, row));
    },
    forget: async (run) => void runs.delete(run),
  };
}

/**
 * Rows kept in `rows` until that fails (a private window, a full disk), and in memory from then on. What cannot be read
 * is taken as not there. `onLoss` is told of the first failure to keep something.
 */
export function keptWherePossible(rows: EvaluationRows, onLoss: () => void): EvaluationRows {
  let now = rows;
  const tried = async (work: Promise<void>) => {
    try {
      await work;
    } catch {
      if (now === rows) onLoss();
      now = rowsInMemory();
    }
  };
  return {
    order: (pack) => now.order(pack).catch(() => null),
    orders: () => now.orders().catch(() => []),
    keepOrder: (pack, order) => tried(now.keepOrder(pack, order)),
    rows: (run) => now.rows(run).catch(() => []),
    keep: (run, row) => tried(now.keep(run, row)),
    forget: (run) => tried(now.forget(run)),
  };
}
