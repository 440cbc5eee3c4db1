import { useEffect, useRef, useState } from "react";
import { useActions } from "../../state/app/react.tsx";
import { t } from "../../state/app/speech.ts";
import { type AskedAbout, NAMES } from "./definition-names.ts";
import "../style/info.css";

type Card = typeof import("./info-card.tsx").default;

/** Once fetched, for every "i". */
let fetched: Card | null = null;

/** A visible "i" beside a figure or a group of controls: what it is, from what, how far to trust it. */
export function InfoButton(asked: AskedAbout) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const whole = useRef<HTMLSpanElement>(null);
  const [Card, setCard] = useState<Card | null>(() => fetched);
  const { warn } = useActions();
  const name = typeof asked.about === "string" ? NAMES[asked.about] : asked.about.name;
  const fetchCard = async () => {
    try {
      fetched ??= (await import("./info-card.tsx")).default;
      setCard(() => fetched);
    } catch (error) {
      setOpen(false);
      warn(error);
    }
  };
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  useEffect(() => {
    if (!open) return;
    const away = ({ target }: Event) => {
      if (target instanceof Node && !whole.current?.contains(target)) setOpen(false);
    };
    addEventListener("pointerdown", away);
    return () => removeEventListener("pointerdown", away);
  }, [open]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only Escape is heard, on its way up from button or card
    <span
      ref={whole}
      className="info"
      onKeyDown={(event) => {
        if (!open || event.key !== "Escape") return;
        event.preventDefault();
        event.stopPropagation();
        close();
      }}
      onBlur={({ relatedTarget }) => {
        if (relatedTarget instanceof Node && !whole.current?.contains(relatedTarget)) setOpen(false);
      }}
    >
      <button
        ref={button}
        type="button"
        className="info-button"
        aria-label={asked.whose ? t`About ${name} of ${asked.whose}` : t`About ${name}`}
        aria-expanded={open}
        onClick={() => {
          setOpen(!open);
          if (!Card) void fetchCard();
        }}
      >
        i
      </button>
      {open && Card && <Card {...asked} anchor={() => button.current} onClose={close} />}
    </span>
  );
}
