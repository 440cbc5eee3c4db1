import { createContext, type ReactNode, useContext } from "react";
import { useStore } from "zustand/react";
import type { DeskState } from "../archive/desk-state.ts";
import type { OutboxState } from "../archive/outbox.ts";
import type { EvaluationState } from "../evaluate/slice.ts";
import type { TeachState } from "../evaluate/teach/teach-state.ts";
import type { TrainingState } from "../train/training-run.ts";
import type { Actions, Explorer } from "./create.ts";
import type { Runs } from "./on-demand/runs.ts";
import type { State } from "./shape.ts";

/** The one place where the store meets React. */
const ExplorerContext = createContext<Explorer | null>(null);

export function ExplorerProvider({ explorer, children }: { explorer: Explorer; children: ReactNode }) {
  return <ExplorerContext value={explorer}>{children}</ExplorerContext>;
}

export function useExplorer(): Explorer {
  const explorer = useContext(ExplorerContext);
  if (!explorer) throw new Error("useExplorer outside ExplorerProvider");
  return explorer;
}

/** A small piece of the state; renders again only where the piece is another one. */
export function useSelect<T>(select: (state: State) => T): T {
  return useStore(useExplorer().store, select);
}

export function useActions(): Actions {
  return useExplorer().actions;
}

/** Whether there is something to undo and to redo. */
export function useHistory(): { readonly past: number; readonly future: number } {
  const temporal = useExplorer().store.temporal;
  const past = useStore(temporal, (history) => history.pastStates.length);
  const future = useStore(temporal, (history) => history.futureStates.length);
  return { past, future };
}

/** The work behind places other than the explorer: for what is drawn once it has come. */
export function useRuns(): Runs {
  const runs = useExplorer().runs.ready();
  if (!runs) throw new Error("useRuns before the runs have come");
  return runs;
}

export function useEvaluation(): Runs["evaluation"] {
  return useRuns().evaluation;
}

/** A small piece of the evaluation's state. */
export function useEvaluated<T>(select: (state: EvaluationState) => T): T {
  return useStore(useEvaluation().store, select);
}

/** A small piece of what is looked for in an archive. */
export function useArchive<T>(select: (state: DeskState) => T): T {
  return useStore(useRuns().archive.store, select);
}

/** A small piece of what would be stored in an archive. */
export function useOutbox<T>(select: (state: OutboxState) => T): T {
  return useStore(useRuns().outbox.store, select);
}

export function useTraining(): Runs["training"] {
  return useRuns().training;
}

/** A small piece of the training's state. */
export function useTrained<T>(select: (state: TrainingState) => T): T {
  return useStore(useTraining().store, select);
}

export function useTeaching(): Runs["teaching"] {
  return useRuns().teaching;
}

/** A small piece of the teaching's state. */
export function useTaught<T>(select: (state: TeachState) => T): T {
  return useStore(useTeaching().store, select);
}
