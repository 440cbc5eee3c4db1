import type { ReactNode } from "react";
import { useActions, useSelect } from "../../state/app/react.tsx";
import { t } from "../../state/app/speech.ts";
import type { Folding } from "../../state/explore/order/order.ts";
import "../style/order.css";

/** Whether what a panel folds away is shown. */
export function useMore(panel: Folding): boolean {
  return useSelect((state) => state.pageOrder.open.has(panel));
}

/** Shows what a panel folds away, and folds it again. */
export function MoreButton({ panel }: { readonly panel: Folding }) {
  const open = useMore(panel);
  const { setMore } = useActions();
  return (
    <button
      type="button"
      className="more quiet"
      aria-expanded={open}
      onClick={() => setMore(panel, !open)}
    >{t`More`}</button>
  );
}

/** What stands behind a panel's "More": there, but hidden until it is asked for. */
export function Folded(props: { readonly panel: Folding; readonly className?: string; readonly children: ReactNode }) {
  const open = useMore(props.panel);
  return (
    <div className={props.className} hidden={!open}>
      {props.children}
    </div>
  );
}
