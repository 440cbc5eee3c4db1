/** What comes when it is first asked for. */
export interface Later<T> {
  /** What came before; null until then. */
  ready(): T | null;
  /** @throws what the browser says where code does not come; another call tries again */
  fetch(): Promise<T>;
}

/**
 * What `make` makes, once, of a module whose code comes when it is first asked for. `load` is its `import()`; `again`
 * brings it from another address, for some browsers remember that the first one failed.
 */
export function lazyCode<M, T>(
  load: () => Promise<M>,
  make: (module: M) => T,
  again: (url: string) => Promise<M> = (url) => import(/* @vite-ignore */ url),
): Later<T> {
  let ready: T | null = null;
  let coming: Promise<T> | null = null;
  let tries = 0;
  const imported = async (): Promise<M> => {
    try {
      return await load();
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      const url = /module: (\S+)$/.exec(said)?.[1];
      if (url === undefined) throw error;
      return again(`${url}?again=${++tries}`);
    }
  };
  const brought = async (): Promise<T> => {
    try {
      ready = make(await imported());
      return ready;
    } catch (error) {
      coming = null;
      throw error;
    }
  };
  return {
    ready: () => ready,
    fetch: () => {
      coming ??= brought();
      return coming;
    },
  };
}
