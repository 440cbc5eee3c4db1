import { useCallback } from "react";
import type { SampleOrder } from "../../core/random/orders.ts";
import { useEvaluation, useExplorer } from "../../state/app/react.tsx";

/** How a run drew a case's samples, so that the explorer shows the same ones. */
interface DrawnAs {
  readonly model: string;
  readonly seed: number;
  readonly count: number;
  readonly representativeOf?: number | null;
  readonly order?: SampleOrder;
}

/** Opens a case of a pack in the explorer, by its place in it; `drawn`: with these samples. */
export function useOpenInPack(): (shelf: string | undefined, row: number, drawn?: DrawnAs | null) => void {
  const { actions, store } = useExplorer();
  return useCallback(
    (shelf, row, drawn = null) => {
      const { entries, models } = store.getState();
      const found = entries.find(({ pack }) => pack?.shelf === shelf && pack?.row === row);
      const model = models.find(({ name }) => name === drawn?.model);
      if (!found || (drawn && !model)) return;
      actions.show("explorer");
      if (drawn && model) {
        const { seed, count, representativeOf = null, order = "iid" } = drawn;
        void actions.openDrawn(found.id, {
          model: model.name,
          seed,
          count,
          representativeOf,
          order,
          threshold: model.config.threshold,
        });
      } else void actions.openCase(found.id);
    },
    [actions, store],
  );
}

/** Opens a case of the evaluated pack in the explorer; `system`: with this model. */
export function useOpenCase(): (row: number, system?: string) => void {
  const { store } = useExplorer();
  const evaluation = useEvaluation();
  const open = useOpenInPack();
  return useCallback(
    (row, system) => {
      const { order } = evaluation.store.getState();
      const model = system ?? store.getState().intent.model;
      if (order) open(order.pack.shelf, row, { ...order, model });
    },
    [open, store, evaluation],
  );
}
