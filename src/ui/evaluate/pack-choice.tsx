import { useEvaluated, useEvaluation, useSelect } from "../../state/app/react.tsx";
import { t } from "../../state/app/speech.ts";
import { packsOf } from "../../state/evaluate/cases.ts";
import { NumberField } from "../controls/number-field.tsx";
import { nameSaid } from "../language/built-in-names.ts";

/** Which pack. */
export function PackMenu() {
  const evaluation = useEvaluation();
  const entries = useSelect((state) => state.entries);
  const shelf = useEvaluated((state) => state.settings.shelf);
  return (
    <label className="field" title={t`A pack opened by \`Open file\` or dropped on the page is listed here`}>
      <span className="heading">{t`Pack of cases`}</span>
      <select
        aria-label={t`Pack of cases`}
        value={shelf}
        onChange={(event) => evaluation.change({ shelf: event.target.value, limit: null })}
      >
        {packsOf(entries).map(({ shelf: one, title }) => (
          <option key={one} value={one}>
            {nameSaid(title)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Which pack, and how many of its cases. */
export function PackChoice() {
  const evaluation = useEvaluation();
  const limit = useEvaluated((state) => state.settings.limit);
  const all = useEvaluated((state) => state.pack?.cases.length ?? 0);
  return (
    <>
      <PackMenu />
      <NumberField
        label={t`Cases`}
        hint={t`Fewer than all are taken evenly spread over the pack`}
        value={Math.min(limit ?? all, Math.max(1, all))}
        low={1}
        high={Math.max(1, all)}
        after={t`of ${all}`}
        onChange={(wanted) => evaluation.change({ limit: wanted >= all ? null : wanted })}
      />
    </>
  );
}
