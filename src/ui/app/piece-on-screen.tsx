import { type ComponentType, type ReactNode, useCallback, useEffect, useState } from "react";
import { sentenceOf } from "../../state/app/notices.ts";
import { said, t } from "../../state/app/speech.ts";
import type { Piece } from "./lazy-piece.ts";
import { Stumble } from "./stumble.tsx";

interface Props {
  readonly piece: Piece;
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
export function PieceOnScreen({ piece, waiting = null, what, frame }: Props) {
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
      (error) => left || setProblem(said(sentenceOf(error))),
    );
    return () => {
      left = true;
    };
  }, [piece, tries]);
  const refused = (sentence: string, retry: () => void) =>
    frame(
      <div className="refused" role="alert">
        <p>{sentence}</p>
        <button type="button" className="primary" onClick={retry}>{t`Try again`}</button>
      </div>,
    );
  if (problem !== null) return refused(problem, again);
  if (!Ready) return waiting;
  return (
    <Stumble
      instead={(fault, retry) => refused(t`${what} stumbled (${fault}). The rest of the page stands as it was.`, retry)}
    >
      <Ready />
    </Stumble>
  );
}
