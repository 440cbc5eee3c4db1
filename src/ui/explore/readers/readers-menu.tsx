import { useCallback, useEffect, useId, useState } from "react";
import { READER_COLOURS } from "../../../core/colour/colour.ts";
import { say } from "../../../core/language/say.ts";
import { nameShown, type PageReader, YOU } from "../../../state/app/intent.ts";
import { useActions, useSelect } from "../../../state/app/react.tsx";
import { said, t } from "../../../state/app/speech.ts";
import { drawingReader } from "../../../state/cases/on-screen.ts";
import { LONGEST_NAME, MOST_READERS } from "../../../state/cases/readers.ts";
import { slotColour } from "../../app/colours.ts";
import { SlotLine } from "../../canvas/slot-line.tsx";
import { IconButton } from "../../controls/icon-button.tsx";
import { Icon } from "../../controls/icons.tsx";

const BLINDED = say`For a study: who draws sees no grader, no other reader, no sample and nothing made of them, until “I am done”. The link and a reload stay blinded.`;

/** Who draws; opened, all who draw in the page. */
export function ReadersMenu() {
  const reader = useSelect(drawingReader);
  const name = nameShown(reader);
  const [open, setOpen] = useState(false);
  const id = useId();
  const close = useCallback(() => setOpen(false), []);
  return (
    <>
      <button
        type="button"
        className="quiet readers-button"
        aria-label={t`${name}: readers`}
        aria-expanded={open}
        aria-controls={id}
        title={t`Who draws: add readers, name, hide or blind them`}
        onClick={() => setOpen(!open)}
      >
        <SlotLine slot={reader.slot} />
        <span className="reader-name">{said(name)}</span>
        <Icon name="down" />
      </button>
      {open && <Readers id={id} close={close} />}
    </>
  );
}

function Readers({ id, close }: { readonly id: string; close(): void }) {
  const readers = useSelect((state) => state.readers);
  const blinded = useSelect((state) => state.blinding.on);
  const { addReader, setBlinded } = useActions();
  // Wherever the focus is; the page's own Escape would put the tool in hand away.
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
      event.stopPropagation();
      close();
    };
    addEventListener("keydown", press, true);
    return () => removeEventListener("keydown", press, true);
  }, [close]);
  return (
    <section id={id} className="readers-menu" aria-label={t`Readers`}>
      <div className="row">
        <p className="sentence">{t`Each draws an outline of their own, and counts under their own name.`}</p>
        <IconButton icon="close" look="quiet spread" label={t`Close readers`} onClick={close} />
      </div>
      <ul>
        {readers.map((reader, i) => (
          <Row key={reader.id} reader={reader} number={i + 1} />
        ))}
      </ul>
      <div className="row">
        <button type="button" disabled={readers.length >= MOST_READERS} onClick={addReader}>{t`Add reader`}</button>
        <span className="spread" />
        <button
          type="button"
          role="switch"
          className="quiet switch"
          aria-checked={blinded}
          title={said(BLINDED)}
          onClick={() => setBlinded(!blinded)}
        >
          <span className="switch-track" aria-hidden="true" />
          {t`Blinded`}
        </button>
      </div>
    </section>
  );
}

function Row({ reader, number }: { readonly reader: PageReader; readonly number: number }) {
  const { id, slot, hidden } = reader;
  const name = nameShown(reader);
  const draws = useSelect((state) => drawingReader(state).id === id);
  const { drawAs, colourReader, showReader, removeReader } = useActions();
  return (
    <li>
      <input
        type="radio"
        name="draws"
        aria-label={t`Draw as ${name}`}
        title={t`${name} draws`}
        checked={draws}
        onChange={() => drawAs(id)}
      />
      <span className="reader-colour" style={{ background: slotColour(slot) }}>
        <select
          aria-label={t`Colour of ${name}`}
          title={t`Colour of ${name}`}
          value={slot}
          onChange={(event) => colourReader(id, Number(event.target.value))}
        >
          {READER_COLOURS.map((one, i) => (
            <option key={one.name.id} value={YOU.slot + i}>
              {said(one.name)}
            </option>
          ))}
        </select>
      </span>
      {id === YOU.id ? <span>{said(name)}</span> : <NameField reader={reader} number={number} />}
      <span
        className="reader-eye"
        data-hidden={hidden}
        title={hidden ? t`Show ${name}` : t`Hide ${name}, from figures too`}
      >
        <input
          type="checkbox"
          aria-label={t`Show ${name}`}
          checked={!hidden}
          onChange={(event) => showReader(id, event.target.checked)}
        />
        <Icon name={hidden ? "eye-off" : "eye"} />
      </span>
      {id !== YOU.id && (
        <IconButton
          icon="close"
          look="quiet small"
          label={t`Remove ${name}`}
          title={t`Takes ${name} away, with every outline; Undo brings both back`}
          onClick={() => removeReader(id)}
        />
      )}
    </li>
  );
}

/** Taken on leaving it or with Enter; a name that cannot be gives way to the one before. */
function NameField({ reader: { id, name }, number }: { readonly reader: PageReader; readonly number: number }) {
  const [typed, setTyped] = useState<string | null>(null);
  const { renameReader } = useActions();
  const take = () => {
    if (typed !== null && typed !== name) renameReader(id, typed);
    setTyped(null);
  };
  return (
    <input
      type="text"
      aria-label={t`Name of reader ${number}`}
      maxLength={LONGEST_NAME}
      value={typed ?? name}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={take}
      onKeyDown={(event) => event.key === "Enter" && take()}
    />
  );
}
