import type { StateStore } from "../../app/store.ts";

export function agreementActions(store: StateStore) {
  return {
    /** Takes readers of one name for one person in every case, as the command line's --same-readers. */
    takeReadersForSame: (sameReaders: boolean) => store.setState({ sameReaders }),
  };
}
