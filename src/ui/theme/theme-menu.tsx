import { useState } from "react";
import { say } from "../../core/language/say.ts";
import { said, t } from "../../state/app/speech.ts";
import { Icon } from "../controls/icons.tsx";
import { chooseTheme, chosenTheme, THEMES, type Theme } from "./theme.ts";

const NAMES = { dark: say`Dark`, light: say`Light`, system: say`As the system` } as const;

/** Dark, light, or as the system is, behind one icon. */
export function ThemeMenu() {
  const [theme, setTheme] = useState(chosenTheme);
  return (
    <span className="themes" title={t`Light or dark; pictures and charts keep their dark ground`}>
      <Icon name="theme" />
      <select
        aria-label={t`Light or dark`}
        value={theme}
        onChange={({ target }) => {
          chooseTheme(target.value as Theme);
          setTheme(target.value as Theme);
        }}
      >
        {THEMES.map((one) => (
          <option key={one} value={one}>
            {said(NAMES[one])}
          </option>
        ))}
      </select>
    </span>
  );
}
