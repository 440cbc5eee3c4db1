import { say, type Text } from "../../core/language/say.ts";
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
    const who = WHO[simulated ? "simulated" : lidc ? "lidc" : "other"];
    const what = simulated || lidc ? say`nodule` : say`lesion`;
    return `${drawnSentence(graders, who, what)} ${said(withZ ? DRAG : CHOOSE)}`;
  },
);

/** As one, and as several. */
interface Noun {
  readonly one: Text;
  readonly many: Text;
}

const WHO: Readonly<Record<"simulated" | "lidc" | "other", Noun>> = {
  simulated: { one: say`simulated grader`, many: say`simulated graders` },
  lidc: { one: say`radiologist`, many: say`radiologists` },
  other: { one: say`grader`, many: say`graders` },
};

const DRAG = say`The network has learnt how readers differ: drag, and it draws as another reader would.`;
const CHOOSE = say`Each sample is another answer of this system: choose one.`;

/** "Four radiologists drew this nodule four ways.": who drew, and how many different outlines there are. */
export function drawnSentence(
  graders: readonly Pick<RegionGrader, "areaPx" | "mask">[],
  who: Noun,
  what: Text,
): string {
  const drew = graders.filter(({ areaPx }) => areaPx > 0);
  const n = graders.length;
  if (n === 0) return t`Nobody has marked this slice.`;
  if (drew.length === 0)
    return n === 1 ? t`One ${who.one} drew nothing here.` : t`${word(n)} ${who.many} drew nothing here.`;
  const ways = new Set(drew.map(({ mask }) => mask.bits.join(""))).size;
  const differ = ways === 1 ? t`one way` : t`${word(ways).toLowerCase()} ways`;
  const all = word(n).toLowerCase();
  if (drew.length < n)
    return ways > 1
      ? t`${word(drew.length)} of ${all} ${who.many} drew this ${what} ${differ}; the others drew nothing.`
      : t`${word(drew.length)} of ${all} ${who.many} drew this ${what}; the others drew nothing.`;
  return n === 1 ? t`One ${who.one} drew this ${what}.` : t`${word(n)} ${who.many} drew this ${what} ${differ}.`;
}
