import { useActions } from "../../state/app/react.tsx";
import { currentLanguage, t } from "../../state/app/speech.ts";
import { Icon } from "../controls/icons.tsx";
import { chooseLanguage, LANGUAGES, ownName } from "./languages.ts";
import "../style/languages.css";

/** The languages, each by its own name, behind one icon. */
export function LanguageMenu() {
  const { warn } = useActions();
  return (
    <span className="languages" title={t`Language of the page; files and the command line stay English`}>
      <Icon name="language" />
      <select
        aria-label={t`Language`}
        value={currentLanguage()}
        onChange={(event) => void chooseLanguage(event.target.value).catch(warn)}
      >
        {LANGUAGES.map((language) => (
          <option key={language} value={language} lang={language}>
            {ownName(language)}
          </option>
        ))}
      </select>
    </span>
  );
}
