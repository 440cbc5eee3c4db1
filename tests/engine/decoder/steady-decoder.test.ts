import { expect, test } from "vitest";
import { GraderspaceError } from "../../../src/core/errors.ts";
import type { Decoded, Decoder } from "../../../src/core/network/encoding.ts";
import { createSteadyDecoder, type DecoderKind } from "../../../src/engine/decoder/steady-decoder.ts";
import { madeUpDraws, madeUpEncoding, madeUpHead } from "../../support/encodings.ts";

const head = madeUpHead({ comb: false, latent: 1 });
const encoding = madeUpEncoding(head, { comb: false, latent: 1 }, 2, 2);
const draws = madeUpDraws(head, encoding, 1);
const lost = () => new GraderspaceError("DeviceLost", { problem: "the graphics device was lost" });

/** A kind whose n-th decoder fails with the n-th error of the list, and from then on works. Notes what it is told. */
function kind(name: Decoder["kind"], errors: (Error | null)[], notes: string[]): DecoderKind {
  return {
    kind: name,
    make: async () => {
      notes.push(`make ${name}`);
      const error = errors.shift() ?? null;
      let opened = false;
      return {
        kind: name,
        open: () => {
          opened = true;
        },
        decode: async (): Promise<Decoded> => {
          if (error) throw error;
          const probabilities = new Float32Array([opened ? 1 : 0]);
          return { samples: { count: 1, width: 1, height: 1, probabilities } };
        },
        decodeEach: async (parts) => {
          if (error) throw error;
          return parts.map((part) => (part.encoding ? Float32Array.of(1) : null));
        },
        forget: () => notes.push(`forget ${name}`),
        dispose: () => notes.push(`dispose ${name}`),
      };
    },
  };
}

async function decoded(kinds: DecoderKind[]): Promise<{ decoder: Decoder; value: () => Promise<number | undefined> }> {
  const decoder = await createSteadyDecoder(kinds, head);
  decoder.open(encoding);
  return { decoder, value: async () => (await decoder.decode(draws, { samples: true })).samples?.probabilities[0] };
}

test("a lost device is replaced and the same picture opened on the new one", async () => {
  const notes: string[] = [];
  const { decoder, value } = await decoded([kind("webgpu", [lost()], notes), kind("wasm", [], notes)]);
  expect(await value()).toBe(1);
  expect(decoder.kind).toBe("webgpu");
  expect(notes).toEqual(["make webgpu", "dispose webgpu", "make webgpu"]);
});

test("the successor of a lost device holds none of its pictures: what is given to it is decoded, the rest asked for", async () => {
  const notes: string[] = [];
  const { decoder } = await decoded([kind("webgpu", [lost()], notes)]);
  const [draw] = draws as [(typeof draws)[number]];
  const parts = [
    { name: 1, draw, encoding },
    { name: 2, draw },
  ];
  expect(await decoder.decodeEach(parts)).toEqual([Float32Array.of(1), null]);
  decoder.forget();
  expect(notes).toEqual(["make webgpu", "dispose webgpu", "make webgpu", "forget webgpu"]);
});

test("after a second loss in the same decode wasm takes over", async () => {
  const notes: string[] = [];
  const { decoder, value } = await decoded([kind("webgpu", [lost(), lost()], notes), kind("wasm", [], notes)]);
  expect(await value()).toBe(1);
  expect(decoder.kind).toBe("wasm");
});

test("two decodes that meet the same loss make one successor", async () => {
  const notes: string[] = [];
  const { value } = await decoded([kind("webgpu", [lost()], notes)]);
  expect(await Promise.all([value(), value()])).toEqual([1, 1]);
  expect(notes.filter((note) => note === "make webgpu")).toHaveLength(2);
});

test("where nothing is left it ends in a sentence that gives the reasons", async () => {
  const { value } = await decoded([kind("wasm", [lost(), lost()], [])]);
  await expect(value()).rejects.toMatchObject({ tag: "NoBackend" });
});

test("each reason stands in the sentence once, and what was overcome before does not", async () => {
  const memory = (mib: number) =>
    new GraderspaceError("OutOfMemory", { problem: `it needs ${mib} MiB`, remedy: "ask for less" });
  const outcomes = [memory(5), null, memory(8), memory(8)]; // one for each decode, whichever decoder it is
  const working = kind("wasm", [], []);
  const forgetful: DecoderKind = {
    kind: "wasm",
    make: async (head) => {
      const made = await working.make(head);
      return {
        ...made,
        decode: (...asked) => {
          const error = outcomes.shift();
          return error ? Promise.reject(error) : made.decode(...asked);
        },
      };
    },
  };
  const { value } = await decoded([forgetful]);
  expect(await value()).toBe(1);
  await expect(value()).rejects.toMatchObject({
    facts: { problem: { english: "no way to decode is left here (it needs 8 MiB)" } },
  });
});

test("a kind that cannot be made is passed over", async () => {
  const none: DecoderKind = { kind: "webgpu", make: () => Promise.reject(new Error("no adapter")) };
  expect((await decoded([none, kind("wasm", [], [])])).decoder.kind).toBe("wasm");
});

test("an abort and a wrong argument are the caller's: nothing is replaced", async () => {
  for (const tag of ["Aborted", "BadArgument"] as const) {
    const notes: string[] = [];
    const { value } = await decoded([kind("webgpu", [new GraderspaceError(tag, { problem: "no" })], notes)]);
    await expect(value()).rejects.toMatchObject({ tag });
    expect(notes).toEqual(["make webgpu"]);
  }
});
