import { useSelect } from "../../../state/app/react.tsx";
import { figures, presenceFigures } from "../../../state/explore/figures.ts";

/** How many of four readers would draw it, beside how many did. */
export function PresenceOdds() {
  const presence = useSelect(presenceFigures);
  const { graders, drew } = useSelect(figures);
  if (!presence) return null;
  const { odds, drawn, draws } = presence;
  const percent = odds.map((p) => Math.round(100 * p));
  const said = percent.map((p, i) => `${i + 1}: ${p} %`).join(", ");
  const did = graders === odds.length ? drew : null;
  const about = `${drawn} of ${draws} draws mark anything. How many of ${odds.length} readers would, on a slice on which at least one does: all slices that this was fitted to are such`;
  return (
    <div className="presence" title={about}>
      <p>
        <span>Would draw it, of {odds.length}</span>
        <span className="beside">if any does{did === null ? "" : ` · ${did} did`}</span>
      </p>
      <ol aria-label={`How many of ${odds.length} readers would draw it, if any does: ${said}`}>
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
