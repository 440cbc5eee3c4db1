import type { EvaluatedRow, EvaluationRows, KeptOrder } from "./rows.ts";

const NAME = "graderspace-evaluations";
/** Runs kept; the oldest go. A run of 200 cases takes about 200 kB. */
const MOST_RUNS = 60;

/** Finished rows in the browser's own database. What the browser refuses (a private window) is an error of the call. */
export function rowsInDatabase(factory: IDBFactory): EvaluationRows {
  let opened: Promise<IDBDatabase> | null = null;
  const database = () => {
    opened ??= open(factory);
    opened.catch(() => {
      opened = null; // it may work the next time
    });
    return opened;
  };
  /** Runs of this page: the first row of each makes room for it. */
  const begun = new Map<string, Promise<void>>();

  return {
    async order(pack) {
      return (await answer<KeptOrder | undefined>(store(await database(), "orders").get(pack))) ?? null;
    },
    async keepOrder(pack, order) {
      await answer(store(await database(), "orders", "readwrite").put(order, pack));
    },
    async rows(run) {
      return answer<EvaluatedRow[]>(store(await database(), "rows").getAll(rowsOf(run)));
    },
    async keep(run, row) {
      const db = await database();
      if (!begun.has(run)) begun.set(run, begin(db, run));
      await begun.get(run);
      await answer(store(db, "rows", "readwrite").put(row, [run, row.row]));
    },
    async forget(run) {
      await answer(store(await database(), "rows", "readwrite").delete(rowsOf(run)));
    },
  };
}

function open(factory: IDBFactory): Promise<IDBDatabase> {
  const request = factory.open(NAME, 1);
  request.onupgradeneeded = () => {
    for (const name of ["orders", "runs", "rows"]) request.result.createObjectStore(name);
  };
  return answer(request);
}

/** Notes when the run was begun, and takes the oldest ones away. */
async function begin(db: IDBDatabase, run: string): Promise<void> {
  await answer(store(db, "runs", "readwrite").put(Date.now(), run));
  const runs = await answer(store(db, "runs").getAllKeys());
  const times = await answer<number[]>(store(db, "runs").getAll());
  const oldest = runs
    .map((key, i) => ({ key: String(key), time: times[i] ?? 0 }))
    .sort((a, b) => b.time - a.time)
    .slice(MOST_RUNS);
  for (const { key } of oldest) {
    await answer(store(db, "rows", "readwrite").delete(rowsOf(key)));
    await answer(store(db, "runs", "readwrite").delete(key));
  }
}

/** [run, 0] … [run, ∞]: in the order of keys an array comes after every number. */
function rowsOf(run: string): IDBKeyRange {
  return IDBKeyRange.bound([run], [run, []]);
}

function store(db: IDBDatabase, name: string, mode: IDBTransactionMode = "readonly"): IDBObjectStore {
  return db.transaction(name, mode).objectStore(name);
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
