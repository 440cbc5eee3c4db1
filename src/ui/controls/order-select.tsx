import { say, type Text } from "../../core/language/say.ts";
import { SAMPLE_ORDERS, type SampleOrder } from "../../core/random/orders.ts";
import { said, t } from "../../state/app/speech.ts";

const NAMES: Readonly<Record<SampleOrder, Text>> = { iid: "i.i.d.", antithetic: say`antithetic`, sobol: say`Sobol` };

/** How draws of z belong together. `barred`: why there is nothing to choose; null where there is. */
export function OrderSelect(props: {
  readonly value: SampleOrder;
  readonly barred: string | null;
  onChange(order: SampleOrder): void;
}) {
  const { value, barred, onChange } = props;
  return (
    <label className="row order-select" title={barred ?? undefined}>
      <span className="dim">{t`Order`}</span>
      <select
        aria-label={t`Order of the draws`}
        value={barred === null ? value : "iid"}
        disabled={barred !== null}
        onChange={(event) => onChange(event.target.value as SampleOrder)}
      >
        {SAMPLE_ORDERS.map((order) => (
          <option key={order} value={order}>
            {said(NAMES[order])}
          </option>
        ))}
      </select>
    </label>
  );
}

/** ", Sobol order" behind a number of samples; nothing where they are i.i.d. */
export function orderSaid(order: SampleOrder): string {
  return order === "iid" ? "" : t`, ${NAMES[order]} order`;
}
