import type { Text } from "../../core/language/say.ts";
import type { PicturePlace, Stack } from "../../io/stack/stack.ts";

/** Opened files whose numbers are in memory: of the others what menus and marks need is known, and no more. */
const MOST_RESIDENT = 4;

/**
 * Keeps the numbers of the files that were read last in memory; those of the others are let go, and read again from the
 * person's disk when they are asked for.
 */
export class Residents {
  /** Least recently read first. */
  private readonly held = new Map<object, Promise<Stack>>();

  /** The stack, as long as it is wanted; `reopen` reads its files again. @throws what `reopen` throws, when read again */
  hold(first: Stack, reopen: () => Promise<Stack>): Stack {
    const key = {};
    const frames = Array.from({ length: first.frames }, (_, frame) => frame);
    const [labels, places] = [frames.map(first.label), frames.map(first.place)];
    const said = new Map<number, readonly Text[]>(); // of pictures that were read
    const { name, format, start, notes, channels } = first;
    const now = async (): Promise<Stack> => {
      const stack = this.held.get(key) ?? reopen();
      this.touch(key, stack);
      return stack;
    };
    this.touch(key, Promise.resolve(first));
    const [hasGraders, hasNotes] = [first.graders !== undefined, first.notesOf !== undefined];
    return {
      name,
      format,
      frames: frames.length,
      start,
      notes,
      label: (frame) => labels[frame] as string,
      place: (frame) => places[frame] as PicturePlace,
      slice: async (frame) => {
        const stack = await now();
        const slice = await stack.slice(frame);
        said.set(frame, stack.notesOf?.(frame) ?? []);
        return slice;
      },
      origin: async (frame) => (await now()).origin(frame),
      ...(channels !== undefined && { channels }),
      ...(hasGraders && { graders: async (frame: number) => (await (await now()).graders?.(frame)) ?? [] }),
      ...(hasNotes && { notesOf: (frame: number) => said.get(frame) ?? [] }),
    };
  }

  private touch(key: object, stack: Promise<Stack>): void {
    this.held.delete(key);
    this.held.set(key, stack);
    stack.catch(() => this.held.delete(key)); // the file may be back the next time
    for (const [oldest] of this.held) {
      if (this.held.size <= MOST_RESIDENT) break;
      this.held.delete(oldest);
    }
  }
}
