import { expect, test } from "vitest";
import type { NamedDraw } from "../../../src/core/network/encoding.ts";
import { PooledDecoder, type RowDecoder } from "../../../src/engine/decoder/pooled-decoder.ts";
import type { Rows } from "../../../src/wasm/desk.ts";
import { WasmDecoder } from "../../../src/wasm/wasm-decoder.ts";
import { madeUpDraws, madeUpEncoding, madeUpHead, type Parts } from "../../support/encodings.ts";

const PARTS: Parts = { comb: false, latent: 2, factor: true, fieldSpacings: [8, 4], envelope: true };
const ALL = { samples: true, statistics: true } as const;

/** A wasm decoder that notes the rows it is asked for. */
async function noting(notes: (Rows | undefined)[], names: number[] = []): Promise<RowDecoder> {
  const decoder = await WasmDecoder.create(madeUpHead(PARTS));
  return {
    kind: "wasm",
    open: (encoding) => decoder.open(encoding),
    decode: (draws, want, task, rows) => {
      notes.push(rows);
      return decoder.decode(draws, want, task, rows);
    },
    decodeEach: (parts) => {
      names.push(...parts.map(({ name }) => name));
      return decoder.decodeEach(parts);
    },
    forget: () => decoder.forget(),
    dispose: () => decoder.dispose(),
  };
}

async function scene(width: number, height: number, count: number) {
  const head = madeUpHead(PARTS);
  const encoding = madeUpEncoding(head, PARTS, width, height);
  const draws = madeUpDraws(head, encoding, count);
  const notes: (Rows | undefined)[] = [];
  let made = 0;
  const pool = new PooledDecoder(await noting(notes), async () => {
    made++;
    return [await noting(notes), await noting(notes)];
  });
  const alone = await WasmDecoder.create(head);
  pool.open(encoding);
  alone.open(encoding);
  return { head, encoding, draws, notes, pool, alone, made: () => made };
}

test("what is shared among three is the same, to the bit, as what one does alone", async () => {
  const { pool, alone, draws, notes } = await scene(101, 97, 60); // 60 · 9,797 pixels > 2^19
  expect(await pool.decode(draws, ALL)).toEqual(await alone.decode(draws, ALL));
  // bands of whole rows, which cover the picture once
  expect(notes).toEqual([
    { first: 0, last: 32 },
    { first: 32, last: 65 },
    { first: 65, last: 97 },
  ]);
});

test("a picture of fewer rows than there are workers leaves some without any", async () => {
  const { pool, alone, draws, notes } = await scene(2 ** 15, 2, 8); // 8 · 65,536 pixels = 2^19
  expect(await pool.decode(draws, ALL)).toEqual(await alone.decode(draws, ALL));
  expect(notes.map((rows) => (rows?.last ?? 0) - (rows?.first ?? 0))).toEqual([1, 1]);
});

test("what is quick goes to one decoder, and no helper is made for it", async () => {
  const { pool, alone, draws, notes, made } = await scene(64, 64, 16);
  expect(await pool.decode(draws, ALL)).toEqual(await alone.decode(draws, ALL));
  expect(notes).toEqual([undefined]);
  expect(made()).toBe(0);
});

test("helpers are made once and told of each picture", async () => {
  const { pool, alone, head, draws, made } = await scene(128, 128, 40);
  await pool.decode(draws, { statistics: true });
  const next = madeUpEncoding(head, PARTS, 128, 128, 77);
  pool.open(next);
  alone.open(next);
  expect(await pool.decode(draws, ALL)).toEqual(await alone.decode(draws, ALL));
  expect(made()).toBe(1);
});

test("a decode asked for before another picture was opened is of its own picture", async () => {
  const { pool, alone, head, draws } = await scene(128, 128, 40);
  const run = pool.decode(draws, ALL);
  const next = madeUpEncoding(head, PARTS, 128, 128, 77);
  pool.open(next);
  expect(await run).toEqual(await alone.decode(draws, ALL));
  alone.open(next);
  const few = draws.slice(0, 2);
  expect(await pool.decode(few, ALL)).toEqual(await alone.decode(few, ALL));
});

test("pictures are held by one decoder each, the same one however many are asked for, and forgotten by all", async () => {
  const head = madeUpHead(PARTS);
  const names: number[][] = [[], [], []];
  const [first, ...helpers] = await Promise.all(names.map((told) => noting([], told)));
  const pool = new PooledDecoder(first as RowDecoder, async () => helpers);
  const parts = [10, 11, 12, 13].map((name) => {
    const encoding = madeUpEncoding(head, PARTS, 8, 8, name);
    return { name, encoding, draw: madeUpDraws(head, encoding, 1, name)[0] as NamedDraw["draw"] };
  });
  const all = await pool.decodeEach(parts);
  expect(names).toEqual([[12], [10, 13], [11]]); // by the remainder of the name over three
  const again = [parts[3], parts[0]].map((part) => ({ name: part?.name ?? 0, draw: part?.draw as NamedDraw["draw"] }));
  expect(await pool.decodeEach(again)).toEqual([all[3], all[0]]);
  pool.forget();
  await new Promise((resolve) => setTimeout(resolve));
  expect(await pool.decodeEach(parts.map(({ name, draw }) => ({ name, draw })))).toEqual([null, null, null, null]);
});

test("progress is that of all, and an abort ends all", async () => {
  const { pool, draws } = await scene(128, 128, 64);
  const seen: number[] = [];
  await pool.decode(draws, ALL, { onProgress: (fraction) => seen.push(fraction) });
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(seen.at(-1)).toBeCloseTo(1);
  const stop = new AbortController();
  const run = pool.decode(draws, ALL, { signal: stop.signal, onProgress: () => stop.abort() });
  await expect(run).rejects.toMatchObject({ tag: "Aborted" });
});

test("helpers that cannot be made are told to who asked for them, and to nobody again when the pool is closed", async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => void unhandled.push(reason);
  process.on("unhandledRejection", note);
  const { encoding, draws } = await scene(128, 128, 40);
  const pool = new PooledDecoder(await noting([]), () => Promise.reject(new Error("no workers")));
  pool.open(encoding);
  await expect(pool.decode(draws, ALL)).rejects.toThrow("no workers");
  pool.dispose();
  await new Promise((resolve) => setTimeout(resolve));
  process.off("unhandledRejection", note);
  expect(unhandled).toEqual([]);
});
