import { useRef } from "react";
import { inEnglish, say, type Text } from "../../core/language/say.ts";
import { placeOf } from "../../state/app/places.ts";
import { useActions, useExplorer, useHistory, useSelect } from "../../state/app/react.tsx";
import type { View } from "../../state/app/shape.ts";
import { said, t } from "../../state/app/speech.ts";
import { isBlinded } from "../../state/cases/on-screen.ts";
import { canExport } from "../../state/explore/export.ts";
import { IconButton } from "../controls/icon-button.tsx";
import { Icon } from "../controls/icons.tsx";
import { nameSaid } from "../language/built-in-names.ts";
import { LanguageMenu } from "../language/language-menu.tsx";
import { ThemeMenu } from "../theme/theme-menu.tsx";
import { isGreeting } from "../tour/greeting.tsx";
import { copyText, linkTo } from "./copy-text.ts";

/** The places, open, examples, model, backend, undo and redo, share, export, the sheet of keys. */
export function TopBar() {
  const explorer = useExplorer();
  const { show, undo, redo, setTour, tell } = useActions();
  const share = () => {
    // Copied in the click itself: later the browser would no longer allow it.
    void copyText(linkTo(explorer.hash())).then((done) =>
      tell(done ? t`The link is copied.` : t`Copy the link from the field.`),
    );
    show("share");
  };
  const { past, future } = useHistory();
  const archive = explorer.archives.length > 0;
  const backend = useSelect((state) =>
    state.model?.value.choice === "samples" ? "none" : (state.backend?.backend ?? "starting"),
  );
  const ready = useSelect(canExport);
  const blinded = useSelect(isBlinded);
  const greeting = useSelect(isGreeting);
  return (
    <header className={archive ? "top-bar with-archive" : "top-bar"}>
      <h1>
        <img src="./icon.svg" alt="" width="22" height="22" /> Graderspace
      </h1>
      <Places />
      <OpenButton />
      {archive && <ArchiveButton />}
      <Cases />
      <Models />
      <button
        type="button"
        className="badge second"
        aria-label={t`Backend: ${backend}`}
        title={t`What computes, and why not something faster`}
        onClick={() => show("backend")}
      >
        <span className="badge-word">{t`Backend:`} </span>
        {backend}
      </button>
      <span className="spread" />
      {!greeting && (
        <button
          type="button"
          className="quiet second"
          onClick={() => {
            show("explorer");
            setTour(0);
          }}
          disabled={blinded}
          title={blinded ? t`Not while blinded` : t`The paper's story on this slice, in two minutes`}
        >{t`Tour`}</button>
      )}
      <IconButton
        icon="undo"
        look="second"
        label={t`Undo`}
        title={t`Undo (Ctrl+Z)`}
        disabled={past === 0}
        onClick={undo}
      />
      <IconButton
        icon="redo"
        look="second"
        label={t`Redo`}
        title={t`Redo (Ctrl+Y)`}
        disabled={future === 0}
        onClick={redo}
      />
      <button
        type="button"
        aria-label={t`Share`}
        title={t`Copy a link to this view; an own file is never in it`}
        onClick={share}
      >
        <Icon name="share" /> <span className="word less">{t`Share`}</span>
      </button>
      <button
        type="button"
        className="primary"
        aria-label={t`Export`}
        disabled={!ready}
        title={blinded ? t`Not while blinded` : t`Masks, maps, table, figure, session (E)`}
        onClick={() => show("export")}
      >
        <Icon name="save" /> <span className="word">{t`Export`}</span>
      </button>
      <LanguageMenu />
      <ThemeMenu />
      <button
        type="button"
        className="icon"
        aria-label={t`Keys and help`}
        title={t`Keys and help (?)`}
        onClick={() => show("keys")}
      >
        ?
      </button>
    </header>
  );
}

const PLACES: readonly { readonly view: View; readonly name: Text; readonly hint: Text }[] = [
  { view: "explorer", name: say`Explore`, hint: say`This slice: drag z, and see how graders would draw it` },
  { view: "lesion", name: say`Lesion`, hint: say`Through its slices: volume, diameters, and what would be decided` },
  { view: "compare", name: say`Compare`, hint: say`Up to eight systems side by side on this region` },
  {
    view: "evaluate",
    name: say`Evaluate`,
    hint: say`All cases of a pack together: systems against graders, readers among themselves, lesions through slices`,
  },
  {
    view: "learn",
    name: say`Learn`,
    hint: say`How the network works on this slice, and how it learns from its first weights on`,
  },
];

/** The places of the page, in the order in which a newcomer meets them. Arrow keys go from one to the next. */
function Places() {
  const shown = useSelect(({ view }) => placeOf(view));
  const { show, openCompare } = useActions();
  const tabs = useRef<HTMLDivElement>(null);
  const goTo = (next: View) => (next === "compare" ? openCompare() : show(next));
  return (
    <div ref={tabs} className="places" role="tablist" aria-label={t`Places`}>
      {PLACES.map(({ view: place, name, hint }, i) => (
        <button
          key={place}
          type="button"
          role="tab"
          aria-selected={place === shown}
          tabIndex={place === shown ? 0 : -1}
          title={said(hint)}
          onClick={() => goTo(place)}
          onKeyDown={(event) => {
            const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
            if (by === 0) return;
            const next = (i + by + PLACES.length) % PLACES.length;
            event.preventDefault();
            goTo((PLACES[next] as (typeof PLACES)[number]).view);
            tabs.current?.querySelectorAll("button")[next]?.focus();
          }}
        >
          {said(name)}
        </button>
      ))}
    </div>
  );
}

function OpenButton() {
  const input = useRef<HTMLInputElement>(null);
  const { openFiles } = useActions();
  return (
    <>
      <button
        type="button"
        title={t`A slice (DICOM, PNG, npy, …), graders' masks beside it, a case pack, or a session; or drop them anywhere (O)`}
        aria-label={t`Open file`}
        data-open-file
        onClick={() => input.current?.click()}
      >
        <Icon name="open" /> <span className="word">{t`Open file`}</span>
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={t`Files to open`}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          event.target.value = "";
          if (files.length > 0) void openFiles(files);
        }}
      />
    </>
  );
}

/** Only where whoever serves this page allows it an archive. */
function ArchiveButton() {
  const { show } = useActions();
  return (
    <button
      type="button"
      title={t`Search the archive for a series, with what readers marked on it`}
      aria-label={t`Open from archive`}
      onClick={() => show("archive")}
    >{t`Archive`}</button>
  );
}

function Cases() {
  const entries = useSelect((state) => state.entries);
  const chosen = useSelect((state) => state.intent.caseId);
  const evaluating = useSelect((state) => placeOf(state.view) === "evaluate");
  const { openCase, show } = useActions();
  const groups = new Map(entries.map(({ group }) => [inEnglish(group), group]));
  return (
    <select
      aria-label={t`Example or case`}
      title={t`The built-in examples, and every case that was opened`}
      className="cases"
      value={chosen ?? ""}
      onChange={(event) => {
        if (evaluating) show("explorer"); // there a single case is not seen
        const entry = entries.find(({ id }) => id === event.target.value);
        if (entry) void openCase(entry.id);
      }}
    >
      {entries.length === 0 && <option value="">{t`Examples …`}</option>}
      {[...groups].map(([name, group]) => (
        <optgroup key={name} label={nameSaid(group)}>
          {entries
            .filter((entry) => inEnglish(entry.group) === name)
            .map((entry) => (
              <option key={entry.id} value={entry.id}>
                {nameSaid(entry.title)}
              </option>
            ))}
        </optgroup>
      ))}
    </select>
  );
}

function Models() {
  const models = useSelect((state) => state.models);
  const chosen = useSelect((state) => state.intent.model);
  const untested = useSelect((state) => state.untested && state.model?.key === state.intent.model);
  const { setModel, show } = useActions();
  return (
    <span className="row tight second">
      <select
        aria-label={t`Model`}
        title={t`The network that answers; another one looks at the same region`}
        className="models"
        value={chosen ?? ""}
        onChange={(event) => setModel(event.target.value)}
      >
        {models.map(({ name, config }) => (
          <option key={name} value={name}>
            {config.title}
            {untested && name === chosen ? t` (not self-tested)` : ""}
          </option>
        ))}
        <option disabled>{t`Samples of another method: drop them on the slice`}</option>
      </select>
      <IconButton
        icon="info"
        look="quiet"
        label={t`About this model`}
        title={t`The model's card`}
        onClick={() => show("model")}
      />
    </span>
  );
}
