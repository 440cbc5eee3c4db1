import { type ComponentType, type ReactNode, useCallback, useEffect, useMemo, useState } from "react";
import { sentenceOf } from "../../state/app/notices.ts";
import type { Later } from "../../state/app/on-demand/lazy-code.ts";
import { useExplorer } from "../../state/app/react.tsx";
import type { Piece } from "./lazy-piece.ts";
import { Stumble } from "./stumble.tsx";

interface Props {
  readonly piece: Piece;
  /** It shows the work behind the other places: it is drawn once that has come, too. */
  readonly withRuns?: boolean;
  /** What stands there until the piece has come. */
  readonly waiting?: ReactNode;
  /** What it is for people: "This view". */
  readonly what: string;
  /** The sentence in a frame of the piece's kind. */
  readonly frame: (sentence: ReactNode) => ReactNode;
}

/**
 * A piece, once its code has come; until then, or where it does not, a sentence in its place. Not by Suspense: React
 * takes up what was suspended after all other updates, and while the plane fills there is always another one.
 */
export function PieceOnScreen({ piece: alone, withRuns = false, waiting = null, what, frame }: Props) {
  const { runs } = useExplorer();
  const piece = useMemo(() => (withRuns ? both(alone, runs) : alone), [alone, runs, withRuns]);
  const [Ready, setReady] = useState<ComponentType | null>(() => piece.ready());
  const [problem, setProblem] = useState<string | null>(null);
  const [tries, setTries] = useState(0);
  const again = useCallback(() => setTries((count) => count + 1), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try is another fetch
  useEffect(() => {
    let left = false;
    setProblem(null);
    piece.fetch().then(
      (loaded) => left || setReady(() => loaded),
      (error) => left || setProblem(sentenceOf(error)),
    );
    return () => {
      left = true;
    };
  }, [piece, tries]);
  const refused = (sentence: string, retry: () => void) =>
    frame(
      <div className="refused" role="alert">
        <p>{sentence}</p>
        <button type="button" className="primary" onClick={retry}>
          Try again
        </button>
      </div>,
    );
  if (problem !== null) return refused(problem, again);
  if (!Ready) return waiting;
  return (
    <Stumble
      instead={(fault, retry) => refused(`${what} stumbled (${fault}). The rest of the page stands as it was.`, retry)}
    >
      <Ready />
    </Stumble>
  );
}

function both(piece: Piece, work: Later<unknown>): Piece {
  return {
    ready: () => (work.ready() === null ? null : piece.ready()),
    async fetch() {
      const [component] = await Promise.all([piece.fetch(), work.fetch()]);
      return component;
    },
  };
}
