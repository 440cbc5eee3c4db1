import * as fc from "fast-check";
import { expect, test } from "vitest";
import { GraderspaceError } from "../../../src/core/errors.ts";
import { looksLikeSession, readSession, type Session, writeSession } from "../../../src/io/session/session.ts";

const session: Session = {
  version: 1,
  app: { version: "0.1.0", commit: "abc1234" },
  model: { name: "lidc-prob-unet", sha256: "a".repeat(64) },
  slice: {
    sha256: "b".repeat(64),
    width: 512,
    height: 400,
    frame: 3,
    spacingMm: [0.7, 0.6],
    geometry: { position: [1, 2, 3], rowDirection: [1, 0, 0], columnDirection: [0, 1, 0], thicknessMm: null },
  },
  region: [200, 210],
  choice: { kind: "z", seed: 42, count: 16, z: [0.1, -2] },
  threshold: 0.5,
  view: { window: [-600, 1500], layer: "Variance", toggles: { Sample: true }, zoom: 1 },
  backend: "wasm (SIMD, 1 thread)",
};

const bytesOf = (json: unknown) => new TextEncoder().encode(JSON.stringify(json));

test("what is written reads back the same", () => {
  expect(readSession(writeSession(session), "session.json")).toEqual(session);
});

test("a session without a view, a spacing or a geometry reads back the same", () => {
  const { view: _, ...plain } = { ...session, slice: { ...session.slice, spacingMm: null, geometry: null } };
  expect(readSession(writeSession(plain), "session.json")).toEqual(plain);
});

test("an outline reads back, and one of another size is refused by name", () => {
  const small: Session = { ...session, slice: { ...session.slice, width: 3, height: 3 }, you: "r4A=" };
  expect(readSession(writeSession(small), "session.json")).toEqual(small);
  for (const you of ["r4", "no base64!", "rw=="])
    expect(() => readSession(bytesOf({ ...small, you }), "session.json")).toThrow("session.json: its you is no mask");
});

test("readers in the page read back with what they drew, and a mask of another size is refused by name", () => {
  const anna = { name: "Anna", colour: "#ff6a3d", drawn: "r4A=", hidden: true, blinded: true };
  const slice = { ...session.slice, width: 3, height: 3 };
  const read: Session = { ...session, slice, readers: [anna, { name: "Ben", colour: "#aa99ff" }] };
  expect(readSession(writeSession(read), "session.json")).toEqual(read);
  const wrong = { ...read, readers: [anna, { ...anna, name: "Ben", drawn: "rw==" }] };
  expect(() => readSession(bytesOf(wrong), "s.json")).toThrow("its readers[1].drawn is no mask of the slice's size");
  const nameless = { ...read, readers: [{ colour: "#ff6a3d" }] };
  expect(() => readSession(bytesOf(nameless), "s.json")).toThrow("name is missing");
});

test("an enlarged region reads back the same", () => {
  const near: Session = {
    ...session,
    view: { ...(session.view as NonNullable<Session["view"]>), look: [4, 70.25, 16] },
  };
  expect(readSession(writeSession(near), "session.json")).toEqual(near);
});

test("fields that are no part of the contract are neither written nor read: no name of a patient slips through", () => {
  const leaky = { ...session, patient: "DOE^JANE", slice: { ...session.slice, name: "doe.dcm" } };
  expect(new TextDecoder().decode(writeSession(leaky as Session))).not.toMatch(/doe/i);
  expect(readSession(bytesOf(leaky), "s.json")).toEqual(session);
});

test("fields in another order give the same bytes", () => {
  const turned = Object.fromEntries(Object.entries(session).reverse()) as unknown as Session;
  expect(writeSession(turned)).toEqual(writeSession(session));
});

test.each([
  ["another version", { ...session, version: 2 }, "its version is not 1"],
  ["a region that is no pair", { ...session, region: [1] }, "region"],
  ["a count of a million", { ...session, choice: { ...session.choice, count: 1e6 } }, "choice.count"],
  ["a z that is text", { ...session, choice: { ...session.choice, z: ["1"] } }, "choice.z"],
  ["an unknown kind", { ...session, choice: { ...session.choice, kind: "x" } }, "choice.kind"],
  ["a hash that is none", { ...session, model: { name: "m", sha256: "<b>" } }, "model.sha256"],
  ["no object at all", [1, 2], "the file"],
  ["a threshold over 1", { ...session, threshold: 1.01 }, "its threshold is 1.01, not between 0 and 1"],
  ["a threshold under 0", { ...session, threshold: -0.01 }, "its threshold is -0.01"],
  [
    "a seed over 32 bits",
    { ...session, choice: { ...session.choice, seed: 2 ** 32 } },
    "its choice.seed is 4294967296",
  ],
  ["a seed under 32 bits", { ...session, choice: { ...session.choice, seed: -(2 ** 31) - 1 } }, "its choice.seed is"],
  ["a seed of a half", { ...session, choice: { ...session.choice, seed: 0.5 } }, "not a whole number"],
  ["a count of none", { ...session, choice: { ...session.choice, count: 0 } }, "its choice.count is 0"],
  ["no threshold", { ...session, threshold: undefined }, "its threshold is missing"],
])("%s is refused with the field's name", (_, json, field) => {
  const opened = () => readSession(bytesOf(json), "my.json");
  expect(opened).toThrow(GraderspaceError);
  expect(opened).toThrow(field);
  expect(opened).toThrow("my.json");
});

test("what is not JSON, or over 36 MiB, is refused", () => {
  expect(() => readSession(Uint8Array.from([0xff, 0xfe]), "x")).toThrow("it is not JSON");
  expect(() => readSession(new Uint8Array((36 << 20) + 1), "x")).toThrow("36 MiB");
});

test("any JSON ends in a session or a tagged error", () => {
  void fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(...Object.keys(session)), (value, key) => {
      try {
        readSession(bytesOf({ ...session, [key]: value }), "x");
      } catch (error) {
        expect(error).toBeInstanceOf(GraderspaceError);
      }
    }),
  );
});

test("a session is recognised by its fields", () => {
  expect(looksLikeSession(session)).toBe(true);
  expect(looksLikeSession({ version: 1 })).toBe(false);
  expect(looksLikeSession(null)).toBe(false);
});

test("a lesion's part reads back, and names no coupling or thresholds that are not known", () => {
  const lesion = { start: 3, at: [200, 210], coupling: "presence-0.5", thresholds: "fleischner-2017" } as const;
  for (const part of [lesion, { ...lesion, graders: 4 }]) {
    const whole: Session = { ...session, lesion: part };
    expect(readSession(writeSession(whole), "session.json")).toEqual(whole);
  }
  const refused = (part: object) => () =>
    readSession(bytesOf({ ...session, lesion: { ...lesion, ...part } }), "s.json");
  expect(refused({ coupling: "glue" })).toThrow('s.json: its lesion.coupling is "glue", not a coupling of draws');
  expect(refused({ thresholds: "mine" })).toThrow('its lesion.thresholds is "mine", not the name of thresholds');
  expect(refused({ at: [1] })).toThrow("its lesion.at");
  expect(refused({ start: -1 })).toThrow("its lesion.start");
});
