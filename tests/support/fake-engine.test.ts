import { expect, it } from "vitest";
import type { HeadWeights } from "../../src/core/network/encoding.ts";
import { PlainDecoder } from "../../src/core/network/plain-decoder.ts";
import { FAKE_FIELDS_HEAD, FAKE_HEAD, FakeDecoder, fakeEncoding } from "./fake-engine.ts";

const SIZE = 48;
const noise = (length: number, scale: number) =>
  Float32Array.from({ length }, (_, i) => scale * Math.sin(12.9898 * (i + 1)));
const crop = { size: SIZE, origin: [0, 0], values: noise(SIZE * SIZE, 0.5), constant: false } as const;
const encoding = { ...fakeEncoding(crop), amplitude: new Float32Array(SIZE * SIZE).fill(0.8) };

it.each<[string, HeadWeights, number]>([
  ["z alone", FAKE_HEAD, 0],
  ["z and a field", FAKE_FIELDS_HEAD, (SIZE / 8) ** 2],
])("the fake decoder gives to the bit what the plain one gives, for %s", async (_, head, nodes) => {
  const draws = [1, 2, 3].map((scale) => ({
    z: noise(6, scale),
    ...(nodes > 0 && { fields: [noise(nodes, scale)] }),
  }));
  const [fake, plain] = [new FakeDecoder(head), new PlainDecoder(head)];
  for (const decoder of [fake, plain]) decoder.open(encoding);
  const want = { samples: true, statistics: true } as const;
  const wanted = await plain.decode(draws, want);
  expect(await fake.decode(draws, want)).toEqual(wanted);
  expect(await fake.decode(draws, want)).toEqual(wanted); // as it is kept
});
