import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { KeptTeaching, KeptTeachings } from "./kept-teachings.ts";

/** Teachings kept; the oldest go. One of 200 cases takes about 100 kB. */
const MOST = 20;

interface Schema extends DBSchema {
  teachings: { key: string; value: { readonly at: number; readonly teaching: KeptTeaching } };
}

/** Teachings in the browser's own database, of this name. What the browser refuses is an error of the call. */
export function teachingsInDatabase(name: string): KeptTeachings {
  let opened: Promise<IDBPDatabase<Schema>> | null = null;
  const database = () => {
    opened ??= openDB<Schema>(name, 1, {
      upgrade: (db) => void db.createObjectStore("teachings"),
      blocking(_now, _next, event) {
        (event.target as IDBDatabase).close(); // another tab forgets it
        opened = null;
      },
    });
    opened.catch(() => {
      opened = null; // it may work the next time
    });
    return opened;
  };
  return {
    of: async (run) => (await (await database()).get("teachings", run))?.teaching ?? null,
    all: async () => (await (await database()).getAll("teachings")).map(({ teaching }) => teaching),
    async keep(run, teaching) {
      const db = await database();
      await db.put("teachings", { at: Date.now(), teaching }, run);
      const [runs, all] = await Promise.all([db.getAllKeys("teachings"), db.getAll("teachings")]);
      const byAge = runs.map((key, i) => ({ key, at: all[i]?.at ?? 0 })).sort((a, b) => b.at - a.at);
      for (const { key } of byAge.slice(MOST)) await db.delete("teachings", key);
    },
    forget: async (run) => (await database()).delete("teachings", run),
  };
}
