import { createContext, type ReactNode, type SyntheticEvent, useCallback, useContext, useMemo, useState } from "react";
import { type equationsOf, lights, type Target } from "./parts.ts";

type Way = "hover" | "focus" | "pinned";

interface Lighting {
  isLit(one: Target): boolean;
  isPinned(one: Target): boolean;
  /** What is pointed at in one way; null: nothing any more. */
  point(way: Way, at: Target | null): void;
}

const LightingContext = createContext<Lighting>({
  isLit: () => false,
  isPinned: () => false,
  point: () => undefined,
});

/** What is pointed at by the mouse, else by the keyboard, else held by a click, and what lights up with it. */
export function LightingProvider(props: {
  readonly equations: ReturnType<typeof equationsOf>;
  readonly children: ReactNode;
}) {
  const { equations, children } = props;
  const [at, setAt] = useState<Readonly<Record<Way, Target | null>>>({ hover: null, focus: null, pinned: null });
  const point = useCallback((way: Way, target: Target | null) => setAt((old) => ({ ...old, [way]: target })), []);
  const lighting = useMemo((): Lighting => {
    const target = at.hover ?? at.focus ?? at.pinned;
    return {
      isLit: (one) => lights(target, equations, one),
      isPinned: (one) => at.pinned?.kind === one.kind && at.pinned.name === one.name,
      point,
    };
  }, [at, equations, point]);
  return <LightingContext value={lighting}>{children}</LightingContext>;
}

/** What an element of the drawing or an equation takes to light up and to light others up. */
export function useLight(one: Target) {
  const { isLit, isPinned, point } = useContext(LightingContext);
  const pinned = isPinned(one);
  return {
    pinned,
    pin: () => point("pinned", pinned ? null : one),
    props: {
      "data-lit": isLit(one),
      onPointerEnter: ({ pointerType }: { pointerType: string }) => pointerType === "mouse" && point("hover", one),
      onPointerLeave: () => point("hover", null),
      // On a phone an equation stands within its part: it is the one that is meant.
      onFocus: (event: SyntheticEvent) => {
        event.stopPropagation();
        point("focus", one);
      },
      onBlur: (event: SyntheticEvent) => {
        event.stopPropagation();
        point("focus", null);
      },
    },
  };
}
