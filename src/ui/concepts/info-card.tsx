import { useLayoutEffect, useRef } from "react";
import { inEnglish } from "../../core/language/say.ts";
import { useActions } from "../../state/app/react.tsx";
import { said, saidOf, t } from "../../state/app/speech.ts";
import { copyText } from "../app/copy-text.ts";
import { IconButton } from "../controls/icon-button.tsx";
import type { AskedAbout, Definition, DefinitionId } from "./definition-names.ts";
import { DEFINITIONS } from "./definitions.ts";

function definitionOf(about: DefinitionId | Definition): Definition {
  return typeof about === "string" ? DEFINITIONS[about] : about;
}

/** Between the edges of the window and its card, px. */
const MARGIN = 8;

/** What an "i" opens. */
export default function InfoCard(props: AskedAbout & { anchor(): HTMLElement | null; onClose(): void }) {
  const { about, value, n, anchor, onClose } = props;
  const definition = definitionOf(about);
  const card = useRef<HTMLDivElement>(null);
  const { show, tell } = useActions();
  useLayoutEffect(() => {
    const element = card.current;
    if (!element) return;
    element.showPopover?.(); // above panels that cut off what stands out of them
    const from = anchor()?.getBoundingClientRect();
    if (from) {
      const { width, height } = element.getBoundingClientRect();
      const below = from.bottom + 4 + height + MARGIN <= innerHeight;
      const top = below
        ? from.bottom + 4
        : Math.max(MARGIN, Math.min(from.top - 4 - height, innerHeight - height - MARGIN));
      const left = Math.max(MARGIN, Math.min(from.left - 12, innerWidth - width - MARGIN));
      element.style.inset = `${Math.round(top)}px auto auto ${Math.round(left)}px`;
    }
    element.focus({ preventScroll: true });
  }, [anchor]);
  const copy = async () => {
    const text = [said(definition.name), value, n && `n = ${n}`].filter(Boolean).join(", ");
    tell((await copyText(text)) ? t`Copied: ${text}` : t`This browser does not let the page copy.`);
  };
  return (
    <div
      ref={card}
      popover="manual"
      role="dialog"
      aria-label={t`About ${definition.name}`}
      tabIndex={-1}
      className="info-card"
    >
      <header className="row">
        <h3>{said(definition.name)}</h3>
        <IconButton icon="close" look="quiet small spread" label={t`Close`} onClick={onClose} />
      </header>
      <p>{said(definition.what)}</p>
      {definition.formula && <p className="formula">{said(definition.formula)}</p>}
      <dl>
        <Fact name={t`here`} text={value} />
        <Fact name="n" text={n} />
        <Fact name={t`biased`} text={saidOf(definition.biased)} />
        <Fact name={t`floor`} text={props.floor ?? saidOf(definition.floor)} />
        <Fact name={t`computed`} text={saidOf(definition.where)} />
        {definition.parts?.map(([part, text]) => (
          <Fact key={inEnglish(part)} name={said(part)} text={said(text)} />
        ))}
      </dl>
      <footer className="row">
        {value !== undefined && <button type="button" onClick={() => void copy()}>{t`Copy`}</button>}
        {definition.concept && (
          <button
            type="button"
            className="quiet spread"
            onClick={() => {
              onClose();
              show(`concept:${definition.concept}`);
            }}
          >{t`In the concepts`}</button>
        )}
      </footer>
    </div>
  );
}

function Fact({ name, text }: { readonly name: string; readonly text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{text}</dd>
    </div>
  );
}
