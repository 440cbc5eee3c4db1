import { useCallback } from "react";
import { useEvaluation, useExplorer } from "../../state/app/react.tsx";

/** Opens a case of the evaluated pack in the explorer; `system`: with this model. */
export function useOpenCase(): (row: number, system?: string) => void {
  const { actions, store } = useExplorer();
  const evaluation = useEvaluation();
  return useCallback(
    (row, system) => {
      const pack = evaluation.store.getState().order?.pack;
      const found = store
        .getState()
        .entries.find((entry) => entry.pack?.shelf === pack?.shelf && entry.pack?.row === row);
      if (!found) return;
      if (system !== undefined && system !== store.getState().intent.model) actions.setModel(system);
      actions.show("explorer");
      void actions.openCase(found.id);
    },
    [actions, store, evaluation],
  );
}
