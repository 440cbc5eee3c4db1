import { SAMPLE_ORDERS, type SampleOrder } from "../../core/random/orders.ts";

const WORDS: Readonly<Record<SampleOrder, { readonly label: string; readonly hint: string }>> = {
  iid: { label: "i.i.d.", hint: "Each draw by itself, as a reader comes after another" },
  antithetic: { label: "antithetic", hint: "Every second draw is the one before it with all its normals negated" },
  sobol: { label: "Sobol", hint: "z covers its prior evenly from the first draws on (a scrambled Sobol sequence)" },
};

/** How draws of z belong together. `barred`: why there is nothing to choose; null where there is. */
export function OrderSelect(props: {
  readonly value: SampleOrder;
  readonly barred: string | null;
  onChange(order: SampleOrder): void;
}) {
  const { value, barred, onChange } = props;
  return (
    <label className="row order-select" title={barred ?? `Order of the draws. ${WORDS[value].hint}`}>
      <span className="dim">Order</span>
      <select
        aria-label="Order of the draws"
        value={barred === null ? value : "iid"}
        disabled={barred !== null}
        onChange={(event) => onChange(event.target.value as SampleOrder)}
      >
        {SAMPLE_ORDERS.map((order) => (
          <option key={order} value={order} title={WORDS[order].hint}>
            {WORDS[order].label}
          </option>
        ))}
      </select>
    </label>
  );
}

/** ", Sobol order" behind a number of samples; nothing where they are i.i.d. */
export function orderSaid(order: SampleOrder): string {
  return order === "iid" ? "" : `, ${WORDS[order].label} order`;
}
