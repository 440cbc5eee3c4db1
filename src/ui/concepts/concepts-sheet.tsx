import { useEffect, useRef } from "react";
import { useActions, useSelect } from "../../state/app/react.tsx";
import { said, t } from "../../state/app/speech.ts";
import { SheetFrame } from "../dialogs/sheet-frame.tsx";
import { CONCEPTS, type Concept } from "./concepts.ts";
import "../style/info.css";

/** The page's words, one under the other; opened from an "i" it begins at that one's. */
export default function ConceptsSheet() {
  const asked = useSelect(({ sheet }) => (sheet?.startsWith("concept:") ? sheet.slice("concept:".length) : null));
  const { show } = useActions();
  return (
    <SheetFrame name={t`Concepts`} wide onClose={() => show(null)}>
      <p className="sentence">{t`In the order in which they build on each other. A reader is a grader. X is the picture, Y a reader's mask, S a sample (x, y in Learn); S′ and Y′ are second ones. E is a mean, E_Q one over draws of z from Q.`}</p>
      <ul className="row wrap concept-list" aria-label={t`Go to`}>
        {CONCEPTS.map(({ id, name }) => (
          <li key={id}>
            <button
              type="button"
              className="link"
              aria-current={id === asked || undefined}
              onClick={() => show(`concept:${id}`)}
            >
              {said(name)}
            </button>
          </li>
        ))}
      </ul>
      <div className="concepts">
        {CONCEPTS.map((concept) => (
          <One key={concept.id} concept={concept} asked={concept.id === asked} />
        ))}
      </div>
    </SheetFrame>
  );
}

function One({ concept, asked }: { readonly concept: Concept; readonly asked: boolean }) {
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!asked) return;
    const frame = requestAnimationFrame(() => {
      section.current?.focus({ preventScroll: true });
      section.current?.scrollIntoView?.({ block: "center" });
    }); // once the dialog is open and has taken the focus itself
    return () => cancelAnimationFrame(frame);
  }, [asked]);
  const { name, what, formula, here, source } = concept;
  return (
    <section ref={section} className="concept" aria-label={said(name)} tabIndex={-1} data-asked={asked || undefined}>
      <h3>{said(name)}</h3>
      <p>{said(what)}</p>
      <p className="formula">{said(formula)}</p>
      <p>
        <span className="dim">{t`Here:`} </span>
        {said(here)}
      </p>
      <p className="sentence">{said(source)}</p>
    </section>
  );
}
