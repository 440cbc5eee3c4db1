import { expect, it } from "vitest";
import { PlainDecoder } from "../../src/core/network/plain-decoder.ts";
import { madeUpDraws, madeUpEncoding, madeUpHead, type Parts } from "../support/encodings.ts";
import { through } from "./through.ts";

const PARTS: Parts = { comb: false, latent: 2, factor: true };

it("times one z through all slices against as many decodes of one, and promises no more than 1.2 of them", async () => {
  const head = madeUpHead(PARTS);
  const encodings = [1, 2, 3].map((seed) => madeUpEncoding(head, PARTS, 4, 4, seed));
  const [draw] = madeUpDraws(head, encodings[0] as (typeof encodings)[number], 1);
  const { milliseconds, ratio } = await through(new PlainDecoder(head), encodings, draw as { z: Float32Array }, 1);
  expect(milliseconds).toBeGreaterThan(0);
  expect(ratio.value).toBeGreaterThan(0);
  expect(ratio.atMost).toBe(1.2);
});

it("refuses to time what differs from the slice alone", async () => {
  const head = madeUpHead(PARTS);
  const encoding = madeUpEncoding(head, PARTS, 4, 4);
  const [draw] = madeUpDraws(head, encoding, 1);
  const odd = new PlainDecoder(head);
  odd.decodeEach = async () => [new Float32Array(16)];
  await expect(through(odd, [encoding], draw as { z: Float32Array }, 1)).rejects.toThrow("slice 0 differs");
});
