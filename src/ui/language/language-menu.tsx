import { useActions } from "../../state/app/react.tsx";
import { currentLanguage, t } from "../../state/app/speech.ts";
import { chooseLanguage, LANGUAGES, ownName } from "./languages.ts";

/** The languages, each by its own name. */
export function LanguageMenu() {
  const { warn } = useActions();
  return (
    <select
      className="languages"
      aria-label={t`Language`}
      title={t`Language of the page; files and the command line stay English`}
      value={currentLanguage()}
      onChange={(event) => void chooseLanguage(event.target.value).catch(warn)}
    >
      {LANGUAGES.map((language) => (
        <option key={language} value={language} lang={language}>
          {ownName(language)}
        </option>
      ))}
    </select>
  );
}
