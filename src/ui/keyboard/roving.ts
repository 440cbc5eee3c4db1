import { type RefCallback, useCallback } from "react";

/**
 * One stop of Tab for a group of buttons: at rest the pressed one, else the first. Arrow keys go on among them: left and
 * right to the next of its kind, up and down to the next in the same cell (a sample and its pin), Home and End to the
 * ends.
 */
export function useRoving<T extends HTMLElement>(buttons: string): RefCallback<T> {
  return useCallback(
    (element: T | null) => {
      if (!element) return;
      const all = () =>
        [...element.querySelectorAll<HTMLButtonElement>(buttons)].filter(
          (one) => !one.disabled && one.checkVisibility(),
        );
      const stopAt = (active: HTMLElement | undefined) => {
        for (const one of element.querySelectorAll<HTMLElement>(buttons)) one.tabIndex = one === active ? 0 : -1;
      };
      const rest = () => {
        const items = all();
        if (!items.includes(document.activeElement as HTMLButtonElement))
          stopAt(items.find((one) => one.ariaPressed === "true") ?? items[0]);
      };
      const focusIn = ({ target }: FocusEvent) => {
        const button = (target as HTMLElement).closest<HTMLElement>(buttons);
        if (button) stopAt(button);
      };
      const focusOut = ({ relatedTarget }: FocusEvent) => {
        if (!element.contains(relatedTarget as Node | null))
          stopAt(all().find((one) => one.ariaPressed === "true") ?? all()[0]);
      };
      const key = (event: KeyboardEvent) => {
        const items = all();
        const at = items.find((one) => one === event.target);
        if (!at || event.ctrlKey || event.metaKey || event.altKey) return;
        const row = items.filter((one) => one.className === at.className);
        const cell = items.filter((one) => one.parentElement === at.parentElement);
        const next = nextOf(event.key, at, row, cell.length > 1 ? cell : row);
        if (!next) return;
        event.preventDefault();
        event.stopPropagation();
        next.focus();
      };
      rest();
      element.addEventListener("focusin", focusIn);
      element.addEventListener("focusout", focusOut);
      element.addEventListener("keydown", key);
      const watch = new MutationObserver(rest);
      watch.observe(element, { childList: true, subtree: true, attributeFilter: ["aria-pressed", "disabled"] });
      return () => {
        watch.disconnect();
        element.removeEventListener("focusin", focusIn);
        element.removeEventListener("focusout", focusOut);
        element.removeEventListener("keydown", key);
      };
    },
    [buttons],
  );
}

function nextOf<T>(key: string, at: T, row: readonly T[], cell: readonly T[]): T | undefined {
  if (key === "Home") return row[0];
  if (key === "End") return row.at(-1);
  if (key === "ArrowRight") return row[(row.indexOf(at) + 1) % row.length];
  if (key === "ArrowLeft") return row.at(row.indexOf(at) - 1);
  if (key === "ArrowDown") return cell[(cell.indexOf(at) + 1) % cell.length];
  if (key === "ArrowUp") return cell.at(cell.indexOf(at) - 1);
  return undefined;
}
