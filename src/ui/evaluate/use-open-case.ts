import { useCallback } from "react";
import { useEvaluation, useExplorer } from "../../state/app/react.tsx";

/** Opens a case of the evaluated pack in the explorer; `system`: with this model. */
export function useOpenCase(): (row: number, system?: string) => void {
  const { actions, store } = useExplorer();
  const evaluation = useEvaluation();
  return useCallback(
    (row, system) => {
      const { order } = evaluation.store.getState();
      const { entries, intent, models } = store.getState();
      const found = entries.find(({ pack }) => pack?.shelf === order?.pack.shelf && pack?.row === row);
      const model = models.find(({ name }) => name === (system ?? intent.model));
      if (!order || !found || !model) return;
      const { seed, count } = order;
      actions.show("explorer");
      void actions.openDrawn(found.id, { model: model.name, seed, count, threshold: model.config.threshold });
    },
    [actions, store, evaluation],
  );
}
