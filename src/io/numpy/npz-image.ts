import { GraderspaceError } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
import type { Grader } from "../../core/values/slice.ts";
import { checkVolumeSize } from "../bytes/limits.ts";
import { oddNumbers } from "../bytes/numbers.ts";
import { surplusNotes } from "../bytes/surplus.ts";
import type { ZipEntry } from "../bytes/zip.ts";
import { checkFrame, plainStack, type Stack } from "../stack/stack.ts";
import { volumeStack } from "../stack/volume-stack.ts";
import { looksLikeCases, openCases } from "./cases-npz.ts";
import { itemCount, numberType, pictureShape, readNpyHeader, readPicture } from "./npy.ts";
import { type NpzArray, openNpz } from "./npz.ts";

/** An npy file as a stack of its pictures. @throws DamagedFile, TruncatedFile, UnsupportedPixels, TooLarge */
export function openNpyImage(bytes: Uint8Array, name: string): Stack {
  const header = readNpyHeader(bytes, name);
  const picture = pictureShape(header, name);
  const items = bytes.subarray(header.offset);
  if (items.length < itemCount(header, name) * header.itemBytes) {
    throw new GraderspaceError("TruncatedFile", {
      file: name,
      problem: say`its shape needs ${itemCount(header, name) * header.itemBytes} bytes and it has ${items.length}`,
      remedy: say`save the array again`,
    });
  }
  return volumeStack({
    name,
    format: "npy",
    ...picture,
    type: numberType(header.type) ?? "u1",
    notes: surplusNotes(name, itemCount(header, name) * header.itemBytes, items.length),
    values: (frame) => readPicture(items, header, picture, frame),
  });
}

/**
 * An npz as a stack: a set of cases with their graders, else the array that most looks like a picture.
 * @throws DamagedFile, UnsupportedPixels, TooLarge
 */
export function openNpzImage(entries: readonly ZipEntry[], name: string): Stack {
  const arrays = openNpz(entries, name);
  return looksLikeCases(arrays) ? casesStack(entries, arrays, name) : arrayStack(arrays, name);
}

function casesStack(entries: readonly ZipEntry[], arrays: ReadonlyMap<string, NpzArray>, name: string): Stack {
  const cases = openCases(entries, name);
  const odd = new Map<number, readonly string[]>();
  return plainStack({
    notes: ["images", "masks"].flatMap((key) => surplusNotes(`${name} › ${key}`, 0, arrays.get(key)?.surplus ?? 0)),
    notesOf: (frame) => odd.get(frame) ?? [],
    name,
    format: "npz",
    frames: cases.rows,
    start: 0,
    label: (frame) => `case ${frame + 1} of ${cases.rows}`,
    slice: async (frame) => {
      checkFrame(frame, cases.rows, name);
      const slice = await cases.slice(frame);
      odd.set(frame, oddNumbers(slice.values, "f4", name));
      return slice;
    },
    graders: async (frame) => {
      checkFrame(frame, cases.rows, name);
      const masks = await cases.masks(frame);
      return masks.map((mask, i): Grader => ({ name: `Grader ${i + 1}`, mask: mask.bits.includes(1) ? mask : null }));
    },
  });
}

const PREFERRED = ["image", "images", "slice", "volume", "values", "arr_0"];

function arrayStack(arrays: ReadonlyMap<string, NpzArray>, name: string): Stack {
  const ordered = [...PREFERRED.flatMap((key) => arrays.get(key) ?? []), ...arrays.values()];
  let refusal: unknown = null;
  for (const array of ordered) {
    try {
      return oneArray(array, name, arrays.size);
    } catch (error) {
      refusal ??= error;
    }
  }
  throw refusal ?? new GraderspaceError("NotAnImage", { file: name, problem: say`it holds no arrays` });
}

function oneArray(array: NpzArray, name: string, count: number): Stack {
  const picture = pictureShape(array.header, `${name} › ${array.name}`);
  const { width, height, frames } = picture;
  const { shape, fortranOrder, itemBytes } = array.header;
  // In rows where the first index counts pictures, else the whole array at once.
  const byRows = !fortranOrder && shape.length === 3 && shape[0] === frames;
  if (!byRows) checkVolumeSize(`${name} › ${array.name}`, frames * width * height * itemBytes, 0);
  return volumeStack({
    name,
    format: "npz",
    ...picture,
    type: numberType(array.header.type) ?? "u1",
    notes: [
      ...(count > 1 ? [say`${name}: of its ${count} arrays, "${array.name}" is shown`] : []),
      ...surplusNotes(`${name} › ${array.name}`, 0, array.surplus),
    ],
    values: async (frame) =>
      byRows
        ? array.numbers(frame, frame + 1)
        : readPicture(await array.bytes(0, array.rows), array.header, picture, frame),
  });
}
