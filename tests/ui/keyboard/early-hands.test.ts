// @vitest-environment happy-dom
import { beforeEach, expect, it } from "vitest";
import { keepHands } from "../../../src/ui/keyboard/early-hands.ts";

let root: HTMLElement;
const one = <T extends HTMLElement>(selector: string) => root.querySelector<T>(selector) as T;

beforeEach(() => {
  document.body.innerHTML = `<div id="root"><input type="range" min="-4" max="4" step="any" value="0"><input type="checkbox">
    <button type="button"><b>Draw</b></button><a href="#samples">to the samples</a>
    <select><option>one</option><option selected>two</option></select></div>`;
  root = document.getElementById("root") as HTMLElement;
});

/** As a hand does it. */
function enter(field: HTMLInputElement | HTMLSelectElement, value: string): void {
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

it("a moved slider and a choice are put back, and entered again once somebody listens: the last value, once", () => {
  const putBack = keepHands(root);
  const [slider, choice] = [one<HTMLInputElement>("[type=range]"), one<HTMLSelectElement>("select")];
  for (const at of ["1", "2", "3"]) enter(slider, at);
  enter(choice, "one");
  const doAgain = putBack();
  expect([slider.value, choice.value]).toEqual(["0", "two"]);
  const heard: string[] = [];
  root.addEventListener("input", ({ target }) => heard.push((target as HTMLInputElement).value));
  doAgain();
  expect(heard).toEqual(["3", "one"]);
});

it("a click does nothing by itself, and is one again later, on the button and not on the word in it", () => {
  const putBack = keepHands(root);
  const box = one<HTMLInputElement>("[type=checkbox]");
  box.click();
  one("b").click();
  expect(box.checked).toBe(false);
  const doAgain = putBack();
  const clicked: string[] = [];
  root.addEventListener("click", ({ target }) => clicked.push((target as Element).tagName));
  doAgain();
  expect([box.checked, clicked]).toEqual([true, ["INPUT", "BUTTON"]]);
});

it("links lead where they lead, and what comes after the code is there is nobody's to keep", () => {
  const putBack = keepHands(root);
  const click = new MouseEvent("click", { bubbles: true, cancelable: true });
  one("a").dispatchEvent(click);
  expect(click.defaultPrevented).toBe(false);
  const doAgain = putBack();
  one<HTMLInputElement>("[type=checkbox]").click();
  doAgain();
  expect(one<HTMLInputElement>("[type=checkbox]").checked).toBe(true);
});
