import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CaseId } from "../../../src/state/app/identity.ts";
import {
  FIRST_INTENT,
  FIRST_VIEW,
  type Intent,
  LAYERS,
  OUTLINES,
  type ZSource,
} from "../../../src/state/app/intent.ts";
import { hashToIntent, intentToHash } from "../../../src/state/app/link.ts";

const grader = fc.oneof(fc.nat(8), fc.constant("you" as const));
const tenths = fc.integer({ min: -40, max: 40 }).map((n) => n / 10);
const source: fc.Arbitrary<ZSource> = fc.oneof(
  fc.constant({ kind: "mean" as const }),
  fc.record({ kind: fc.constant("sample" as const), index: fc.nat(99) }),
  fc.record({ kind: fc.constant("posterior" as const), grader }),
  fc.record({
    kind: fc.constant("between" as const),
    from: grader,
    to: grader,
    share: fc.nat(100).map((n) => n / 100),
  }),
  fc.record({
    kind: fc.constant("hand" as const),
    sigma: fc.array(tenths, { minLength: 1, maxLength: 10 }),
    fields: fc.option(fc.nat(99)),
  }),
  fc.record({
    kind: fc.constant("exact" as const),
    z: fc.array(
      fc.float({ min: -1000, max: 1000, noNaN: true }).map((z) => (Object.is(z, -0) ? 0 : z)),
      { minLength: 1, maxLength: 10 },
    ),
  }),
);
const intent: fc.Arbitrary<Intent> = fc.record({
  caseId: fc.constantFrom("example:solid" as CaseId, "example:ground-glass" as CaseId),
  frame: fc.nat(500),
  model: fc.constantFrom("lidc-prob-unet", "own model & more"),
  region: fc.option(fc.tuple(fc.nat(511), fc.nat(511))),
  draw: fc.nat(20_000),
  seed: fc.nat(2 ** 31 - 1),
  count: fc.integer({ min: 1, max: 100 }),
  z: fc.record({
    source,
    locks: fc.dictionary(fc.nat(9).map(String), tenths).map((locks) => ({ ...locks }) as Record<number, number>),
  }),
  fields: fc.record({ strength: fc.nat(20).map((n) => n / 10), frozenSeed: fc.option(fc.nat(1000)) }),
  threshold: fc.integer({ min: 1, max: 99 }).map((n) => n / 100),
  view: fc.record({
    window: fc.option(fc.tuple(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: 1, max: 4000 }))),
    layer: fc.constantFrom(...LAYERS),
    layerOpacity: fc.nat(20).map((n) => n / 20),
    outlines: fc.record(Object.fromEntries(OUTLINES.map((outline) => [outline, fc.boolean()]))) as fc.Arbitrary<
      Intent["view"]["outlines"]
    >,
    fill: fc.boolean(),
    blend: fc.option(fc.record({ grader, share: fc.nat(20).map((n) => n / 20) })),
    network: fc.boolean(),
    zoom: fc.constantFrom(1, 1.5, 16),
    look: fc.constantFrom(FIRST_VIEW.look, { zoom: 4, x: 70.25, y: 16 }, { zoom: 16, x: 124, y: 4 }),
    sort: fc.constantFrom("draw" as const, "area" as const),
    pinned: fc.uniqueArray(fc.nat(99), { maxLength: 2 }),
    sliders: fc.constantFrom("axes" as const, "modes" as const),
  }),
});

describe("the share link", () => {
  it("gives back every intent that it was made from", () => {
    fc.assert(
      fc.property(intent, (wanted) => {
        const { intent: read, caseName, own } = hashToIntent(intentToHash(wanted, null));
        expect(own).toBeNull();
        expect({ ...FIRST_INTENT, ...read, caseId: caseName }).toEqual(wanted);
      }),
    );
  });

  it("says of an own slice 8 digits of its hash, and neither key nor name", () => {
    const own = { ...FIRST_INTENT, caseId: "own:0123456789abcdef" as CaseId, model: "m" };
    const hash = intentToHash(own, "89abcdef".repeat(8));
    expect(hash).toBe("own=89abcdef&model=m");
    expect(hashToIntent(hash)).toEqual({ own: "89abcdef", caseName: null, intent: { draw: 0, model: "m" } });
  });

  it("writes the first view as the case and the model alone", () => {
    expect(intentToHash({ ...FIRST_INTENT, caseId: "example:solid" as CaseId, model: "lidc" }, null)).toBe(
      "case=example:solid&model=lidc",
    );
  });

  it("leaves out what makes no sense", () => {
    const { intent: read, own } = hashToIntent(
      "#seed=-3&n=1000&t=nan&layer=sepia&window=1,-5&z=s&lock=0:1,x&own=../../etc&at=1&opacity=2&pin=0,x&zoom=99&look=0,1,2",
    );
    expect(own).toBeNull();
    expect(read).toEqual({ draw: 0, z: { source: { kind: "mean" }, locks: {} } });
  });

  it("never throws, whatever is in the address", () => {
    fc.assert(fc.property(fc.string(), (text) => void hashToIntent(`#${text}&z=${text}&lock=${text}&out=${text}`)));
  });

  it("keeps what it does not name as in the first view", () => {
    expect(hashToIntent("layer=mean").intent.view).toEqual({ ...FIRST_VIEW, layer: "mean" });
  });
});

describe("a link from elsewhere", () => {
  it("pins at most two samples", () => {
    expect(hashToIntent("pin=1,2,3").intent.view?.pinned).toEqual([0, 1]);
  });

  it("has at most 1,024 numbers in a z, and locks no axis past the 1,024th", () => {
    const zeros = (count: number) => Array(count).fill("0").join(",");
    expect(hashToIntent(`z=x${zeros(1024)}`).intent.z?.source).toMatchObject({ kind: "exact" });
    expect(hashToIntent(`z=x${zeros(1025)}`).intent.z?.source).toEqual({ kind: "mean" });
    expect(hashToIntent("lock=1024:0.5,1025:0.5,0:0.5").intent.z?.locks).toEqual({ 1023: 0.5 });
  });

  it("moves z no further than 1,000 σ", () => {
    expect(hashToIntent("z=h-1000").intent.z?.source).toMatchObject({ kind: "hand", sigma: [-1000] });
    expect(hashToIntent("z=h1001").intent.z?.source).toEqual({ kind: "mean" });
    expect(hashToIntent("lock=1:-1000,2:1001").intent.z?.locks).toEqual({ 0: -1000 });
  });
});
