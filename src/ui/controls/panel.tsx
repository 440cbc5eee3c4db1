import type { ReactNode } from "react";

/** A part of the page with its heading. */
export function Panel(props: {
  readonly name: string;
  readonly className: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className={`panel ${props.className}`} aria-label={props.name}>
      <header className="panel-head">
        <h2>{props.name}</h2>
        {props.aside}
      </header>
      {props.children}
    </section>
  );
}
