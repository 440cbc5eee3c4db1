import { placeOf } from "../../state/app/places.ts";
import { useSelect } from "../../state/app/react.tsx";
import { t } from "../../state/app/speech.ts";

/** Over the bar for whoever comes by Tab: past it, to what the page is for. */
export function SkipLinks() {
  const exploring = useSelect((state) => placeOf(state.view) === "explorer");
  return (
    <nav className="skip-links" aria-label={t`Skip to`}>
      {exploring && (
        <>
          <button type="button" onClick={() => focusOn(".axes input")}>{t`To the sliders`}</button>
          <button type="button" onClick={() => focusOn(".thumb-button")}>{t`To the samples`}</button>
        </>
      )}
      <button type="button" onClick={() => focusOn("main")}>{t`To the content`}</button>
    </nav>
  );
}

/** The first that can take the focus; the view itself where there is none. */
function focusOn(selector: string): void {
  const main = [...document.querySelectorAll<HTMLElement>("main")].find((one) => one.checkVisibility());
  if (!main) return;
  const target = [...main.querySelectorAll<HTMLElement>(selector)].find(
    (one) => one.checkVisibility() && one.tabIndex >= 0 && !one.matches(":disabled"),
  );
  if (!target) main.tabIndex = -1; // it takes the focus, and is no stop of Tab
  (target ?? main).focus();
}
