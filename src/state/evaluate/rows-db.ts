import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { EvaluatedRow, EvaluationRows, KeptOrder } from "./rows.ts";

/** The database's name. */
export const EVALUATIONS = "graderspace-evaluations";
/** Runs kept; the oldest go. A run of 200 cases takes about 200 kB. */
const MOST_RUNS = 60;

interface Schema extends DBSchema {
  orders: { key: string; value: KeptOrder };
  /** When each run was begun. */
  runs: { key: string; value: number };
  rows: { key: [string, number]; value: EvaluatedRow };
}

/** Finished rows in the browser's own database. What the browser refuses (a private window) is an error of the call. */
export function rowsInDatabase(): EvaluationRows {
  let opened: Promise<IDBPDatabase<Schema>> | null = null;
  const database = () => {
    opened ??= open(() => {
      opened = null;
    });
    opened.catch(() => {
      opened = null; // it may work the next time
    });
    return opened;
  };
  /** Runs of this page: the first row of each makes room for it. */
  const begun = new Map<string, Promise<void>>();

  return {
    async order(pack) {
      return (await (await database()).get("orders", pack)) ?? null;
    },
    async orders() {
      const db = await database();
      const [packs, orders] = await Promise.all([db.getAllKeys("orders"), db.getAll("orders")]);
      return packs.flatMap((pack, i) => (orders[i] ? [[pack, orders[i]] as const] : []));
    },
    async keepOrder(pack, order) {
      await (await database()).put("orders", order, pack);
    },
    async rows(run) {
      return (await database()).getAll("rows", rowsOf(run));
    },
    async keep(run, row) {
      const db = await database();
      if (!begun.has(run)) begun.set(run, begin(db, run));
      await begun.get(run);
      await db.put("rows", row, [run, row.row]);
    },
    async forget(run) {
      await (await database()).delete("rows", rowsOf(run));
    },
  };
}

/** `gone`: the database was closed, as another tab forgets it. */
function open(gone: () => void): Promise<IDBPDatabase<Schema>> {
  return openDB<Schema>(EVALUATIONS, 1, {
    upgrade(db) {
      for (const name of ["orders", "runs", "rows"] as const) db.createObjectStore(name);
    },
    blocking(_now, _next, event) {
      (event.target as IDBDatabase).close();
      gone();
    },
  });
}

/** Notes when the run was begun, and takes the oldest ones away. */
async function begin(db: IDBPDatabase<Schema>, run: string): Promise<void> {
  await db.put("runs", Date.now(), run);
  const [runs, times] = await Promise.all([db.getAllKeys("runs"), db.getAll("runs")]);
  const oldest = runs
    .map((key, i) => ({ key, time: times[i] ?? 0 }))
    .sort((a, b) => b.time - a.time)
    .slice(MOST_RUNS);
  for (const { key } of oldest) {
    await db.delete("rows", rowsOf(key));
    await db.delete("runs", key);
  }
}

/** [run, 0] … [run, ∞]: in the order of keys an array comes after every number. */
function rowsOf(run: string): IDBKeyRange {
  return IDBKeyRange.bound([run], [run, []]);
}
