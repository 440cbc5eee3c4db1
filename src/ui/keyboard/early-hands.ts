const TAKEN = "button, input, label, select, summary";

type Field = HTMLInputElement | HTMLSelectElement;

/**
 * Keeps what a person does to a page that came with the HTML, before its code is there: clicks and moved sliders. Gives
 * what puts the fields back as they came, for React to take hold of them, and that what does all of it again, in its order.
 */
export function keepHands(root: HTMLElement): () => () => void {
  const done: (() => void)[] = [];
  const moved = new Map<Field, string>();
  const end = new AbortController();
  const click = (event: MouseEvent) => {
    const target = event.target instanceof Element ? event.target.closest<HTMLElement>(TAKEN) : null;
    if (!target) return;
    event.preventDefault(); // a box would be ticked without anybody knowing
    done.push(() => target.click());
  };
  const input = ({ target }: Event) => {
    if (!isField(target)) return;
    if (!moved.has(target)) done.push(() => enter(target, moved.get(target) as string));
    moved.set(target, target.value);
  };
  const how = { capture: true, signal: end.signal };
  root.addEventListener("click", click, how);
  root.addEventListener("input", input, how);
  return () => {
    end.abort();
    for (const field of moved.keys()) putBack(field);
    return () => {
      for (const again of done) again();
    };
  };
}

function isField(target: EventTarget | null): target is Field {
  return (
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLInputElement && !["checkbox", "radio", "file"].includes(target.type))
  );
}

function putBack(field: Field): void {
  if (field instanceof HTMLInputElement) field.value = field.defaultValue;
  else field.selectedIndex = [...field.options].findIndex((option) => option.hasAttribute("selected"));
}

/** As a hand enters it: React takes a value that is set in its own way for one of its own. */
function enter(field: Field, value: string): void {
  const prototype = field instanceof HTMLSelectElement ? HTMLSelectElement.prototype : HTMLInputElement.prototype;
  Object.getOwnPropertyDescriptor(prototype, "value")?.set?.call(field, value);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}
