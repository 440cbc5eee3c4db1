import { type ReactNode, useId } from "react";
import { t } from "../../state/app/speech.ts";
import { usePhone } from "../app/phone.ts";
import { Equation } from "./equation.tsx";
import { useLight } from "./lighting.tsx";
import { type EquationName, equationsOf, type PartName, partsOf } from "./parts.ts";
import { useShape } from "./shape-context.tsx";

/** One part of the drawing: its number, what it is in a sentence or two, from where it gets what it works on, its pictures. */
export function NetworkPart(props: {
  readonly name: PartName;
  readonly title: string;
  readonly what: ReactNode;
  /** The parts whose results go in. */
  readonly takes?: readonly PartName[];
  /** The pictures stand beside the text where there is room. */
  readonly beside?: boolean;
  readonly children?: ReactNode;
}) {
  const { name, title, what, takes = [], beside = false, children } = props;
  const shape = useShape();
  const about = useId();
  const phone = usePhone();
  const { props: light, pin, pinned } = useLight({ kind: "part", name });
  const order = partsOf(shape);
  const equations = equationsOf(shape).filter(([, parts]) => parts.at(-1) === name);
  return (
    <section
      id={`how-${name}`}
      className={beside ? "how-part beside" : "how-part"}
      data-part={name}
      aria-label={title}
      {...light}
    >
      <header>
        <span className="how-number" aria-hidden="true">
          {order.indexOf(name) + 1}
        </span>
        <h3>
          <button
            type="button"
            className="how-title"
            aria-pressed={pinned}
            aria-describedby={about}
            title={t`Keeps it and its equations lit`}
            onClick={pin}
          >
            {title}
          </button>
        </h3>
        {takes.length > 0 && (
          <span className="how-takes">
            {t`from`}{" "}
            {takes.map((part) => (
              <span key={part} className="how-number small">
                {order.indexOf(part) + 1}
              </span>
            ))}
          </span>
        )}
      </header>
      <p id={about} className="how-what">
        {what}
      </p>
      {children}
      {phone &&
        equations.map(([equation]: readonly [EquationName, unknown]) => <Equation key={equation} name={equation} />)}
    </section>
  );
}
