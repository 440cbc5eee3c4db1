import { say } from "../../core/language/say.ts";
import { derive } from "../../state/app/derive.ts";
import { useActions, useSelect } from "../../state/app/react.tsx";
import type { State } from "../../state/app/shape.ts";
import { said, t } from "../../state/app/speech.ts";
import { caseOnScreen, isBlinded } from "../../state/cases/on-screen.ts";
import { caseGraders, type RegionGrader } from "../../state/explore/masks.ts";
import { hasZ } from "../../state/models/model.ts";
import { IconButton } from "../controls/icon-button.tsx";
import "../style/order.css";

/** Whether the first visit's sentence stands over the explorer. */
export function isGreeting(state: State): boolean {
  return !state.pageOrder.greeted && state.view === "explorer" && state.tour === null && !isBlinded(state);
}

/** The first visit's one sentence, true for the case that is open, and the way into the tour. */
export function Greeting() {
  const shown = useSelect(isGreeting);
  const known = useSelect((state) => caseOnScreen(state) !== null);
  const text = useSelect(greetingOf);
  const { setTour, sawGreeting } = useActions();
  if (!shown) return null;
  return (
    <section className="greeting" aria-label={t`What this is`}>
      <p>{known ? text : t`A slice is on its way.`}</p>
      <button type="button" className="primary" onClick={() => setTour(0)}>{t`Take the tour (2 minutes)`}</button>
      <IconButton icon="close" look="quiet" label={t`Put this sentence away`} onClick={sawGreeting} />
    </section>
  );
}

const NUMBERS = [say`None`, say`One`, say`Two`, say`Three`, say`Four`, say`Five`, say`Six`, say`Seven`, say`Eight`];

function word(n: number): string {
  return said(NUMBERS[n] ?? String(n));
}

const greetingOf = derive(
  (state: State) => [caseGraders(state), caseOnScreen(state), state.model === null || hasZ(state)] as const,
  (graders, found, withZ) => {
    const lidc = found?.attribution?.includes("LIDC") ?? false;
    const simulated = found?.simulated ?? false;
    const who = simulated ? t`simulated grader` : lidc ? "radiologist" : "grader";
    const what = simulated || lidc ? "nodule" : "lesion";
    return `${drawnSentence(graders, who, what)} ${said(withZ ? DRAG : CHOOSE)}`;
  },
);

const DRAG = say`The network has learnt how readers differ: drag, and it draws as another reader would.`;
const CHOOSE = say`Each sample is another answer of this system: choose one.`;

/** "Four radiologists drew this nodule four ways.": who drew, and how many different outlines there are. */
export function drawnSentence(
  graders: readonly Pick<RegionGrader, "areaPx" | "mask">[],
  who: string,
  what: string,
): string {
  const drew = graders.filter(({ areaPx }) => areaPx > 0);
  const n = graders.length;
  if (n === 0) return t`Nobody has marked this slice.`;
  if (drew.length === 0) return n === 1 ? t`One ${who} drew nothing here.` : t`${word(n)} ${who}s drew nothing here.`;
  const ways = new Set(drew.map(({ mask }) => mask.bits.join(""))).size;
  const differ = ways === 1 ? t`one way` : t`${word(ways).toLowerCase()} ways`;
  if (drew.length < n)
    return t`${word(drew.length)} of ${word(n).toLowerCase()} ${who}s drew this ${what}${ways > 1 ? ` ${differ}` : ""}; the others drew nothing.`;
  return n === 1 ? t`One ${who} drew this ${what}.` : t`${word(n)} ${who}s drew this ${what} ${differ}.`;
}
