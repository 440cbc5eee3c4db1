import { describe, expect, it } from "vitest";
import type { Encoding } from "../../../src/core/network/encoding.ts";
import { encodingOf, mapsAt } from "../../../src/core/teach/head-maps.ts";
import type { LinearHead } from "../../../src/core/teach/linear-head.ts";
import { retouched, retouchedEncoding, retouchPlaces } from "../../../src/core/teach/retouch.ts";

const HEAD: LinearHead = { latent: 2, fieldSpacings: [2], fieldScale: 1, envelope: true, shift: 0, gate: true };
/** Two pixels side by side. */
const ENCODING: Encoding = {
  width: 2,
  height: 1,
  channels: 1,
  base: Float32Array.of(1, -1),
  factor: Float32Array.of(1, 2, 3, 4), // pixel 0: 1 and 2; pixel 1: 3 and 4
  amplitude: Float32Array.of(Math.log(2), 30), // softplus of 0 and of 30
  top: Float32Array.of(5, 6),
  presence: 0.5,
  prior: { mean: new Float32Array(2), logSigma: new Float32Array(2) },
};
const places = retouchPlaces(HEAD);
const with_ = (numbers: Record<number, number>) =>
  Float32Array.from({ length: places.length }, (_, i) => numbers[i] ?? 0);

describe("a head's maps", () => {
  it("stand one behind the other: mean, factor by axis, amplitude before its softplus, envelope", () => {
    const { maps, presence } = mapsAt(HEAD, ENCODING);
    for (const [i, value] of [1, -1, 1, 3, 2, 4, 0, 30, 5, 6].entries()) expect(maps[i]).toBeCloseTo(value, 5);
    expect(presence).toBe(0.5);
  });

  it("can be asked for at some pixels alone", () => {
    expect([...mapsAt(HEAD, ENCODING, Int32Array.of(1)).maps]).toEqual([-1, 3, 4, 30, 6]);
  });

  it("make the encoding again", () => {
    const { amplitude, ...rest } = encodingOf(HEAD, mapsAt(HEAD, ENCODING), ENCODING);
    const { amplitude: before, ...others } = ENCODING;
    expect(rest).toEqual(others);
    for (const [i, value] of (amplitude ?? []).entries()) expect(value).toBeCloseTo(before?.[i] as number, 5);
  });
});

describe("a retouch", () => {
  it("of zeros is the parent", () => {
    const maps = mapsAt(HEAD, ENCODING);
    expect(retouched(HEAD, maps, with_({}))).toEqual(maps);
  });

  it("has 4 gains, 3 offsets, a turn for each axis and two numbers of the gate", () => {
    expect(places.length).toBe(4 + 3 + 2 + 2);
  });

  it("scales the mean, lifts it, and moves it along the parent's factor", () => {
    const { mean } = places.layers;
    const found = retouchedEncoding(
      HEAD,
      ENCODING,
      with_({ [mean?.gain as number]: 0.5, [mean?.offset as number]: 2, [places.turn]: 10, [places.turn + 1]: 1 }),
    );
    expect([...found.base]).toEqual([1.5 + 2 + 10 + 2, -1.5 + 2 + 30 + 4]); // 1.5·mean + 2 + 10·f1 + f2
    expect(found.factor).toEqual(ENCODING.factor);
  });

  it("scales the factor, the envelope and the gate's logit", () => {
    const { factor, envelope } = places.layers;
    const found = retouchedEncoding(
      HEAD,
      ENCODING,
      with_({
        [factor?.gain as number]: -0.5,
        [envelope?.offset as number]: -1,
        [places.gate]: 1,
        [places.gate + 1]: 3,
      }),
    );
    expect([...(found.factor ?? [])]).toEqual([0.5, 1, 1.5, 2]);
    expect([...(found.top ?? [])]).toEqual([4, 5]);
    expect(found.presence).toBe(4);
  });
});
