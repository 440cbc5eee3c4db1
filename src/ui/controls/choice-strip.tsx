import { useId } from "react";
import type { Text } from "../../core/language/say.ts";
import { said, saidOf } from "../../state/app/speech.ts";

/** One choice out of few: a radio group drawn as a strip. */
export function ChoiceStrip<T extends string>(props: {
  readonly label: string;
  readonly options: readonly {
    readonly value: T;
    readonly label: Text;
    readonly hint?: Text;
    readonly disabled?: boolean;
  }[];
  readonly value: T;
  onChange(value: T): void;
}) {
  // Two strips of one label may be on the page: browsers let one radio of a name be checked.
  const name = useId();
  return (
    <div className="strip" role="radiogroup" aria-label={props.label}>
      {props.options.map(({ value, label, hint, disabled }) => (
        <label key={value} title={saidOf(hint)}>
          <input
            type="radio"
            name={name}
            value={value}
            checked={value === props.value}
            disabled={disabled}
            onChange={() => props.onChange(value)}
          />
          {said(label)}
        </label>
      ))}
    </div>
  );
}
