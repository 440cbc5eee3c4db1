import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SAMPLE_ORDERS } from "../../../../src/core/random/orders.ts";
import type { CaseId } from "../../../../src/state/app/identity.ts";
import {
  FIRST_INTENT,
  FIRST_VIEW,
  type Intent,
  LAYERS,
  OUTLINES,
  type ZSource,
} from "../../../../src/state/app/intent.ts";
import { hashToIntent, intentToHash, ofAnyCase } from "../../../../src/state/app/link/link.ts";

const grader = fc.oneof(
  fc.nat(8),
  fc.constant("you" as const),
  fc.nat(2 ** 32 - 1).map((number) => `r${number}` as const),
);
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
    fields: fc.oneof(
      fc.option(fc.nat(99)),
      grader.map((one) => ({ from: one, to: one, share: 0 })),
      fc.constant({ from: 0, to: "you" as const, share: 0.25 }),
    ),
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
  representativeOf: fc.constantFrom(null, 64, 128, 256),
  order: fc.constantFrom(...SAMPLE_ORDERS),
  z: fc.record(
    {
      source,
      locks: fc.dictionary(fc.nat(9).map(String), tenths).map((locks) => ({ ...locks }) as Record<number, number>),
      presence: tenths,
    },
    { requiredKeys: ["source", "locks"] },
  ),
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
    scaleLocked: fc.boolean(),
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
    expect(hashToIntent(hash)).toEqual({
      own: "89abcdef",
      caseName: null,
      intent: { draw: 0, representativeOf: null, order: "iid", model: "m" },
    });
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
    expect(read).toEqual({ draw: 0, representativeOf: null, order: "iid", z: { source: { kind: "mean" }, locks: {} } });
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

/** Every bounded number: its word, the least and the most that is read, what stands next to them, and where it goes. */
const NUMBERS: readonly (readonly [string, number, number, number, (intent: Partial<Intent>) => unknown])[] = [
  ["frame", 0, 1e6, 1, ({ frame }) => frame],
  ["seed", 0, 2 ** 31 - 1, 1, ({ seed }) => seed],
  ["n", 1, 100, 1, ({ count }) => count],
  ["of", 64, 256, 1, ({ representativeOf }) => representativeOf ?? undefined],
  ["t", 0.01, 0.99, 0.005, ({ threshold }) => threshold],
  ["strength", 0, 2, 0.01, ({ fields }) => fields?.strength],
  ["u", -4, 4, 0.01, ({ z }) => z?.presence],
  ["frozen", 0, 2 ** 31 - 1, 1, ({ fields }) => fields?.frozenSeed ?? undefined],
  ["opacity", 0, 1, 0.01, ({ view }) => view?.layerOpacity],
  ["zoom", 1, 16, 0.01, ({ view }) => view?.zoom],
];

describe("a number in a link", () => {
  it.each(NUMBERS)("%s is read from %d to %d and no further", (word, low, high, step, found) => {
    for (const fits of [low, high]) expect(found(hashToIntent(`${word}=${fits}`).intent)).toBe(fits);
    for (const odd of [low - step, high + step, " ", ""])
      expect(found(hashToIntent(`${word}=${odd}`).intent)).toBeUndefined();
  });

  it("is whole where it counts", () => {
    for (const word of ["frame", "seed", "n", "frozen"])
      expect(hashToIntent(`${word}=1.5`).intent).toEqual({ draw: 0, representativeOf: null, order: "iid" });
  });

  it("is a draw of its own row, and 0 where it makes no sense", () => {
    expect(hashToIntent(`draw=${2 ** 31 - 1}`).intent.draw).toBe(2 ** 31 - 1);
    for (const odd of [-1, 2 ** 31, 1.5, "x"]) expect(hashToIntent(`draw=${odd}`).intent.draw).toBe(0);
  });

  it("of two says a whole pixel from 0 to 65,535", () => {
    expect(hashToIntent("at=0,65535").intent.region).toEqual([0, 65_535]);
    for (const odd of ["-1,0", "0,65536", "1.5,2", "1", "1,2,3", "1,", ""])
      expect(hashToIntent(`at=${odd}`).intent.region).toBeUndefined();
  });
});

describe("a view in a link", () => {
  const viewOf = (hash: string) => hashToIntent(hash).intent.view;
  const written = (view: Partial<Intent["view"]>) =>
    intentToHash({ ...FIRST_INTENT, view: { ...FIRST_VIEW, ...view } }, null);

  it("has a window of some width, or the whole range", () => {
    expect(viewOf("window=-10.5,0.1")?.window).toEqual([-10.5, 0.1]);
    expect(viewOf("window=full")?.window).toBeNull();
    for (const odd of ["1,0", "1,-1", "1", "1,2,3"]) expect(viewOf(`window=${odd}`)).toBeUndefined();
  });

  it("is looked at from 1 to 16 times as large, at a place", () => {
    expect(viewOf("look=16,124,4")?.look).toEqual({ zoom: 16, x: 124, y: 4 });
    expect(viewOf("look=1,64,64")?.look).toEqual(FIRST_VIEW.look);
    for (const odd of ["0.5,64,64", "17,64,64", "2,64", "2", "2,x,1"]) expect(viewOf(`look=${odd}`)).toBeUndefined();
  });

  it("blends with a grader by a share from 0 to 1", () => {
    expect(viewOf("blend=g2@0.25")?.blend).toEqual({ grader: 1, share: 0.25 });
    expect(viewOf("blend=gyou@1")?.blend).toEqual({ grader: "you", share: 1 });
    for (const odd of ["g0@0.5", "g2@1.5", "g2@-1", "g2", "x@0.5", "g100@0"])
      expect(viewOf(`blend=${odd}`)).toBeUndefined();
  });

  it("has what it names of outlines and nothing else, fill and network where they are 1, and sliders of a known kind", () => {
    expect(viewOf("out=all,sepia")?.outlines).toEqual(
      Object.fromEntries(OUTLINES.map((outline) => [outline, outline === "all"])),
    );
    expect([viewOf("fill=1")?.fill, viewOf("network=1")?.network, viewOf("sort=area")?.sort]).toEqual([
      true,
      true,
      "area",
    ]);
    for (const odd of ["fill=0", "network=yes", "sort=draw", "sliders=x"]) expect(viewOf(odd)).toBeUndefined();
    for (const kind of ["auto", "axes", "modes"]) expect(viewOf(`sliders=${kind}`)?.sliders).toBe(kind);
  });

  it("is written with as few digits as a person can tell apart", () => {
    expect(written({ window: [-600.04, 1500.06] })).toBe("window=-600,1500.1");
    expect(written({ zoom: 1.23456, look: { zoom: 2.34567, x: 70.12345, y: 60 } })).toBe(
      "zoom=1.235&look=2.346,70.123,60",
    );
    expect(written({ look: { zoom: 1, x: 3, y: 3 } })).toBe("");
    expect(written({ look: { zoom: 1.5, x: 64, y: 64 } })).toBe("look=1.5,64,64");
    expect(written({ pinned: [0, 7], fill: true, network: true })).toBe("fill=1&network=1&pin=1,8");
    expect(written({ window: null })).toBe("window=full");
  });
});

describe("a z in a link", () => {
  const sourceOf = (text: string) => hashToIntent(`z=${text}`).intent.z?.source;
  const mean = { kind: "mean" };

  it("is of a sample from 1 to 256, the nearest where there is no such one", () => {
    for (const [text, index] of [
      ["s1", 0],
      ["s256", 255],
      ["s0", 0],
      ["s257", 255],
    ] as const)
      expect(sourceOf(text)).toEqual({ kind: "sample", index });
    expect(sourceOf("s1x")).toEqual(mean);
  });

  it("is of a grader, of you, or between two of them", () => {
    expect(sourceOf("g1")).toEqual({ kind: "posterior", grader: 0 });
    expect(sourceOf("gyou")).toEqual({ kind: "posterior", grader: "you" });
    expect(sourceOf("g1-gyou@0.25")).toEqual({ kind: "between", from: 0, to: "you", share: 0.25 });
    for (const odd of ["g0", "g100", "g1-g2", "g1-g0@0.5", "g0-g1@0.5", "g1-g2@1.1"])
      expect(sourceOf(odd)).toEqual(mean);
  });

  it("is of a hand, under the fields of a sample from 1 to 256, of a grader, of the way between two, or under none", () => {
    expect(sourceOf("h0.5,-1;f256")).toEqual({ kind: "hand", sigma: [0.5, -1], fields: 255 });
    expect(sourceOf("h2")).toEqual({ kind: "hand", sigma: [2], fields: null });
    expect(sourceOf("h2;g3")).toMatchObject({ fields: { from: 2, to: 2, share: 0 } });
    expect(sourceOf("h2;g1-gyou@0.25")).toMatchObject({ fields: { from: 0, to: "you", share: 0.25 } });
    for (const odd of ["h1;f0", "h1;f257", "h1;g0", "h1;g1-g2"])
      expect(sourceOf(odd)).toEqual({ kind: "hand", sigma: [1], fields: null });
    for (const odd of ["h1,,2", "h", "h1e", "x1,", "x1001"]) expect(sourceOf(odd)).toEqual(mean);
    expect(sourceOf("x1000,-1e-3")).toEqual({ kind: "exact", z: [1000, -0.001] });
  });

  it("is written to four digits of σ, three of a share, and exactly where it is exact", () => {
    const written = (source: ZSource, locks = {}) => intentToHash({ ...FIRST_INTENT, z: { source, locks } }, null);
    expect(written({ kind: "hand", sigma: [0.123456, -2], fields: 6 }, { 0: 0.123456, 4: 1 })).toBe(
      "z=h0.1235,-2%3Bf7&lock=1:0.1235,5:1",
    );
    expect(written({ kind: "between", from: 0, to: "you", share: 0.12345 })).toBe("z=g1-gyou%400.123");
    expect(written({ kind: "exact", z: [0.123456789] })).toBe("z=x0.123456789");
  });
});

it("what is said of any case is neither z, box, frame, draw, blend nor pins", () => {
  const view = {
    ...FIRST_VIEW,
    layer: "mean" as const,
    blend: { grader: 0, share: 1 },
    pinned: [1],
    look: { zoom: 4, x: 9, y: 9 },
  };
  expect(ofAnyCase({ ...FIRST_INTENT, frame: 3, draw: 2, region: [1, 2], seed: 5, view })).toEqual({
    caseId: null,
    model: "",
    seed: 5,
    count: 16,
    representativeOf: null,
    order: "iid",
    fields: FIRST_INTENT.fields,
    threshold: 0.5,
    view: { ...FIRST_VIEW, layer: "mean" },
  });
  expect(ofAnyCase({ seed: 5 })).toEqual({ seed: 5 });
});

it("eight small hexadecimal digits name an own slice, and nothing else does", () => {
  expect(hashToIntent("own=0123abcd").own).toBe("0123abcd");
  for (const odd of ["0123abc", "0123abcde", "0123ABCD", "0123abcg", ""])
    expect(hashToIntent(`own=${odd}`).own).toBeNull();
  expect([hashToIntent("case=a").caseName, hashToIntent("case=").caseName]).toEqual(["a", null]);
});
