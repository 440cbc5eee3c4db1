import { useSelect } from "../../../state/app/react.tsx";
import { t } from "../../../state/app/speech.ts";
import { figures, presenceFigures } from "../../../state/explore/figures.ts";
import { InfoButton } from "../../concepts/info-button.tsx";

/** How many of four readers would draw it, beside how many did. */
export function PresenceOdds() {
  const presence = useSelect(presenceFigures);
  const { graders, drew } = useSelect(figures);
  if (!presence) return null;
  const { odds, drawn, draws } = presence;
  const percent = odds.map((p) => Math.round(100 * p));
  const said = percent.map((p, i) => `${i + 1}: ${p} %`).join(", ");
  const did = graders === odds.length ? drew : null;
  return (
    <div className="presence">
      <p>
        <span>{t`k of ${odds.length} would draw it`}</span>
        <InfoButton about="presence" value={said} n={t`${drawn} of ${draws} draws mark anything`} />
        <span className="beside spread">{t`if any does${did === null ? "" : t` · ${did} did`}`}</span>
      </p>
      <ol aria-label={t`How many of ${odds.length} readers would draw it, if any does: ${said}`}>
        {percent.map((p, i) => (
          <li key={i} aria-current={did === i + 1 || undefined}>
            <span className="fill" style={{ height: `${p}%` }} aria-hidden="true" />
            <span>{i + 1}</span>
            <span>{p} %</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
