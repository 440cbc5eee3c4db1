/** Dark, as in a reading room, where nothing was chosen; or light; or as the system is. */
export const THEMES = ["dark", "light", "system"] as const;

export type Theme = (typeof THEMES)[number];

const KEPT = "graderspace-theme";
const LIGHT = "(prefers-color-scheme: light)";

/** What was chosen here. */
export function chosenTheme(): Theme {
  try {
    return THEMES.find((theme) => theme === localStorage.getItem(KEPT)) ?? "dark";
  } catch {
    return "dark"; // a browser that keeps nothing
  }
}

/** The page wears what was chosen, and follows the system where that was. */
export function wearTheme(): void {
  wear(chosenTheme());
  matchMedia(LIGHT).addEventListener("change", () => wear(chosenTheme()));
}

/** The same, chosen by a person: the next visit begins with it. */
export function chooseTheme(theme: Theme): void {
  wear(theme);
  try {
    localStorage.setItem(KEPT, theme);
  } catch {
    // it lasts as long as the page
  }
}

function wear(theme: Theme): void {
  const light = theme === "light" || (theme === "system" && matchMedia(LIGHT).matches);
  document.documentElement.dataset["theme"] = light ? "light" : "dark";
  for (const [name, content] of [
    ["color-scheme", light ? "light" : "dark"],
    ["theme-color", light ? "#eef1f4" : "#101418"],
  ] as const) {
    document.querySelector(`meta[name="${name}"]`)?.setAttribute("content", content);
  }
}
