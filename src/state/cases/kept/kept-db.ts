import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from "idb";
import type { KeptChoice, KeptOpening, KeptStorage, KeptWork } from "./kept-storage.ts";

const NAME = "graderspace-work";

interface Schema extends DBSchema {
  openings: { key: string; value: Omit<KeptOpening, "works"> };
  files: { key: [string, number]; value: readonly File[] };
  works: { key: [string, string]; value: KeptWork };
  choices: { key: KeptChoice; value: string };
}

/** Work in the browser's own database. `others`: databases that are forgotten with it. */
export function keptInDatabase(others: readonly string[]): KeptStorage {
  let opened: Promise<IDBPDatabase<Schema>> | null = null;
  const database = () => {
    opened ??= open();
    opened.catch(() => {
      opened = null; // it may work the next time
    });
    return opened;
  };
  const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(NAME);
  const forget = async (id: string) => {
    const tx = (await database()).transaction(["openings", "files", "works"], "readwrite");
    const all = IDBKeyRange.bound([id], [id, []]);
    tx.objectStore("openings").delete(id);
    tx.objectStore("files").delete(all);
    tx.objectStore("works").delete(all);
    await tx.done;
  };
  return {
    async list() {
      const tx = (await database()).transaction(["openings", "works"]);
      const [openings, keys, works] = await Promise.all([
        tx.objectStore("openings").getAll(),
        tx.objectStore("works").getAllKeys(),
        tx.objectStore("works").getAll(),
      ]);
      const worksOf = (id: string) =>
        Object.fromEntries(keys.flatMap(([of, place], i) => (of === id ? [[place, works[i] as KeptWork]] : [])));
      return openings
        .map((opening) => ({ ...opening, works: worksOf(opening.id) }))
        .sort((a, b) => b.opened - a.opened);
    },
    async files(id) {
      return (await database()).getAll("files", IDBKeyRange.bound([id], [id, []]));
    },
    async addFiles(id, title, files) {
      const tx = (await database()).transaction(["openings", "files"], "readwrite");
      const before = await tx.objectStore("openings").get(id);
      const bytes = (before?.bytes ?? 0) + files.reduce((sum, { size }) => sum + size, 0);
      const number = await tx.objectStore("files").count(IDBKeyRange.bound([id], [id, []]));
      tx.objectStore("files").put(files, [id, number]);
      tx.objectStore("openings").put({ id, title: before?.title ?? title, bytes, opened: Date.now() }, id);
      await tx.done;
    },
    async keepWork(id, place, work) {
      const tx = (await database()).transaction(["openings", "works"], "readwrite");
      const opening = (await tx.objectStore("openings").get(id)) ?? { id, title: "", bytes: 0 };
      tx.objectStore("openings").put({ ...opening, opened: Date.now() }, id);
      tx.objectStore("works").put(work, [id, place]);
      await tx.done;
    },
    forget,
    async forgetAll() {
      const tx = (await database()).transaction(["openings", "files", "works", "choices"], "readwrite");
      for (const name of tx.objectStoreNames) tx.objectStore(name).clear();
      await tx.done;
      for (const name of others) await deleteDB(name);
    },
    async choice(of) {
      return (await (await database()).get("choices", of)) ?? null;
    },
    async choose(of, value) {
      const tx = (await database()).transaction("choices", "readwrite");
      void (value === null ? tx.store.delete(of) : tx.store.put(value, of));
      tx.commit(); // at once: a page that is left before the answer to the request arrives would lose it
      await tx.done;
    },
    claim: (token) => channel?.postMessage(token),
    onClaimed: (listener) => channel?.addEventListener("message", ({ data }) => listener(String(data))),
  };
}

function open(): Promise<IDBPDatabase<Schema>> {
  return openDB<Schema>(NAME, 2, {
    upgrade(db, before) {
      if (before < 1) {
        db.createObjectStore("openings");
        db.createObjectStore("files");
        db.createObjectStore("works");
      }
      db.createObjectStore("choices");
    },
    // Another tab empties the database, or is of a newer version: this one lets go.
    blocking: (_now, _next, event) => (event.target as IDBDatabase).close(),
  });
}
