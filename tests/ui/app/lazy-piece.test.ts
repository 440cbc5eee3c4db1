import { describe, expect, it } from "vitest";
import { lazyPiece } from "../../../src/ui/app/lazy-piece.ts";

const View = () => null;
const loaded = { default: View };

/** An `import()` that fails with these words, one a call, then works. */
function failing(...words: string[]) {
  return async () => {
    const said = words.shift();
    if (said !== undefined) throw new TypeError(said);
    return loaded;
  };
}
const never = async () => {
  throw new Error("not asked for");
};

describe("a piece of the page that comes on demand", () => {
  it("is fetched once", async () => {
    let fetched = 0;
    const piece = lazyPiece(async () => {
      fetched++;
      return loaded;
    });
    expect(piece.ready()).toBeNull();
    await piece.fetch();
    expect([await piece.fetch(), piece.ready(), fetched]).toEqual([View, View, 1]);
  });

  it("is asked for under another address where the first failed, each time a new one", async () => {
    const asked: string[] = [];
    const words = "Failed to fetch dynamically imported module: http://host/a.js";
    const piece = lazyPiece(failing(words, words), {
      style: never,
      again: async (url) => {
        asked.push(url);
        if (asked.length === 1) throw new TypeError(words);
        return loaded;
      },
    });
    await expect(piece.fetch()).rejects.toThrow(words);
    expect(await piece.fetch()).toBe(View);
    expect(asked).toEqual(["http://host/a.js?again=1", "http://host/a.js?again=2"]);
  });

  it("never comes without the styles that failed", async () => {
    const styles: string[] = [];
    let there = false;
    const piece = lazyPiece(failing("Unable to preload CSS for /a.css"), {
      again: never,
      style: async (href) => {
        styles.push(href);
        if (!there) throw new Error(`Unable to preload CSS for ${href}`);
      },
    });
    await expect(piece.fetch()).rejects.toThrow("/a.css");
    there = true;
    expect(await piece.fetch()).toBe(View);
    expect(styles).toEqual(["/a.css", "/a.css"]);
  });
});
