import type { ComponentType } from "react";
import { type Later, lazyCode } from "../../state/app/on-demand/lazy-code.ts";

/** A part of the page whose code comes when it is first asked for. */
export type Piece = Later<ComponentType>;

type Loaded = { readonly default: ComponentType };

/** What else a browser is asked for a piece; tests put fakes in its place. */
interface Means {
  /** The module under another address: some browsers remember that the first one failed. */
  again(url: string): Promise<Loaded>;
  style(href: string): Promise<void>;
}

/** `load` is an `import()` of the piece. */
export function lazyPiece(load: () => Promise<Loaded>, means: Means = MEANS): Piece {
  // Vite asks for a piece's styles once: the next import() would bring it without them.
  const missing = new Set<string>();
  const styled = async (): Promise<Loaded> => {
    for (const href of missing) {
      await means.style(href);
      missing.delete(href);
    }
    try {
      return await load();
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      const style = /preload CSS for (\S+)/.exec(said)?.[1];
      if (style === undefined || missing.has(style)) throw error;
      missing.add(style);
      return styled();
    }
  };
  return lazyCode(styled, (loaded) => loaded.default, means.again);
}

const MEANS: Means = {
  again: (url) => import(/* @vite-ignore */ url),
  style: (href) =>
    new Promise((resolve, reject) => {
      const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
      link.onload = () => resolve();
      link.onerror = () => reject(new Error(`Unable to preload CSS for ${href}`));
      document.head.append(link);
    }),
};
