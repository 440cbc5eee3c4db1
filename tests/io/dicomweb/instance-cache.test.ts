import { expect, it, vi } from "vitest";
import { GraderspaceError } from "../../../src/core/errors.ts";
import { InstanceCache } from "../../../src/io/dicomweb/instance-cache.ts";

it("holds as much as it may, whatever number of series is opened; what was asked for least recently goes", async () => {
  const cache = new InstanceCache(1000);
  const ask = vi.fn(async () => new Uint8Array(300));
  for (let series = 0; series < 50; series++) await cache.get(`${series}`, ask);
  const held = Array.from({ length: 50 }, (_, k) => `${k}`).filter((sop) => cache.has(sop));
  expect(held).toEqual(["47", "48", "49"]); // 3 · 300 bytes
  await cache.get("47", ask);
  await cache.get("new", ask);
  expect([cache.has("47"), cache.has("48")]).toEqual([true, false]);
  expect(ask).toHaveBeenCalledTimes(51);
});

it("asks once for two who wait, again where it failed, and again where the other one gave up", async () => {
  const cache = new InstanceCache();
  const ask = vi.fn(async () => Uint8Array.of(1));
  await Promise.all([cache.get("a", ask), cache.get("a", ask)]);
  expect(ask).toHaveBeenCalledTimes(1);
  await expect(cache.get("b", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await cache.get("b", ask)).toEqual(Uint8Array.of(1));
  const gaveUp = cache.get("c", () => Promise.reject(new GraderspaceError("Aborted", { problem: "x" })));
  const waits = cache.get("c", ask);
  await expect(gaveUp).rejects.toMatchObject({ tag: "Aborted" });
  expect(await waits).toEqual(Uint8Array.of(1));
});
