import type { ReactNode } from "react";
import type { Folding } from "../../state/explore/order/order.ts";
import { MoreButton } from "./more.tsx";

/** A part of the page with its heading. */
export function Panel(props: {
  readonly name: string;
  readonly className: string;
  /** The "i" beside its name. */
  readonly info?: ReactNode;
  readonly aside?: ReactNode;
  /** Where a part of it is folded away. */
  readonly more?: Folding;
  readonly children: ReactNode;
}) {
  return (
    <section className={`panel ${props.className}`} aria-label={props.name}>
      <header className="panel-head">
        <h2>{props.name}</h2>
        {props.info}
        {props.aside}
        {props.more && <MoreButton panel={props.more} />}
      </header>
      {props.children}
    </section>
  );
}
