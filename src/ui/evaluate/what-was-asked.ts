import { t } from "../../state/app/speech.ts";
import type { EvaluationState } from "../../state/evaluate/slice.ts";
import { orderSaid } from "../controls/order-select.tsx";

/** "6 cases of Built-in examples · n = 16, seed 0 · GED² biased · 95 % intervals over 6 cases" */
export function whatWasAsked({ order, systems }: EvaluationState): string {
  if (!order) return "";
  const { pack, rows, count, seed, representativeOf } = order;
  const all = systems.every((system) => system.order === order.order);
  const drawn = `${orderSaid(order.order)}${order.order === "iid" || all ? "" : t` of those that draw z`}`;
  const of = rows.length === pack.cases.length ? "" : t` of ${pack.cases.length}`;
  const many = representativeOf === null ? "" : t`, and ${count} that stand for ${representativeOf}`;
  const patients = pack.patients && new Set(rows.map((row) => pack.patients?.[row])).size;
  const over = patients === null ? t`over cases (the pack names no patients)` : t`over ${patients} patients`;
  return t`${pack.title}: ${rows.length}${of} cases · n = ${count}, seed ${seed}${drawn}${many} · GED² biased · 95 % intervals ${over}`;
}
