import type { Text } from "../../core/language/say.ts";
import { said } from "../../state/app/speech.ts";
import type { Sorting } from "../../state/evaluate/table.ts";

/** The head of a column of cases, which sorts them. The first click on another column sorts it rising, or as `falling`. */
export function SortHead(props: {
  readonly name: string;
  readonly label: Text;
  readonly hint: Text;
  readonly sorting: Sorting;
  onSort(sorting: Sorting): void;
  /** Most first. */
  readonly falling?: boolean;
  readonly children?: React.ReactNode;
}) {
  const { name, label, hint, sorting, onSort, falling = false, children } = props;
  const mine = sorting.by === name;
  return (
    <th
      scope="col"
      className={name === "case" ? "first" : undefined}
      aria-sort={mine ? (sorting.falling ? "descending" : "ascending") : undefined}
    >
      <button
        type="button"
        className="sort"
        title={said(hint)}
        onClick={() => onSort({ by: name, falling: mine ? !sorting.falling : falling })}
      >
        {children}
        <span>{said(label)}</span>
        <span aria-hidden="true" className="arrow">
          {mine ? (sorting.falling ? "▼" : "▲") : ""}
        </span>
      </button>
    </th>
  );
}
