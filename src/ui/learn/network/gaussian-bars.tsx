import type { Gaussian } from "../../../core/network/encoding.ts";
import { t } from "../../../state/app/speech.ts";
import { decimals, signed } from "../../app/format.ts";

/** One Gaussian of the chart, by its letter. */
interface Drawn {
  readonly name: string;
  readonly colour: string;
  readonly gaussian: Gaussian;
}

/** Gaussians with independent axes, axis by axis on one scale: a bar from μ − σ to μ + σ, a tick at μ, and the numbers of the last. */
export function GaussianBars(props: {
  readonly caption: string;
  readonly drawn: readonly Drawn[];
  /** Names of the axes; by their numbers where there are none. */
  readonly axes?: readonly string[];
}) {
  const { caption, drawn, axes } = props;
  const last = drawn.at(-1);
  if (!last) return null;
  const [low, high] = scaleOf(drawn);
  const at = (value: number) => `${(100 * (value - low)) / (high - low)}%`;
  return (
    <table className="how-bars">
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{t`axis`}</th>
          <td className="bar">
            {drawn.map(({ name, colour }) => (
              <span key={name} className="how-key">
                <span style={{ background: colour }} /> {name}
              </span>
            ))}
          </td>
          <th scope="col">
            μ<sub>{last.name.slice(0, 1)}</sub>
          </th>
          <th scope="col">
            σ<sub>{last.name.slice(0, 1)}</sub>
          </th>
        </tr>
      </thead>
      <tbody>
        {Array.from(last.gaussian.mean, (mean, k) => (
          <tr key={k}>
            <th scope="row">{axes?.[k] ?? `z${k + 1}`}</th>
            <td className="bar" aria-hidden="true">
              <span className="how-scale">
                <span className="how-zero" style={{ left: at(0) }} />
                {drawn.map(({ name, colour, gaussian }) => {
                  const [middle, sigma] = axisOf(gaussian, k);
                  return (
                    <span
                      key={name}
                      className="how-spread"
                      style={{
                        left: at(middle - sigma),
                        right: `calc(100% - ${at(middle + sigma)})`,
                        background: colour,
                      }}
                    >
                      <span />
                    </span>
                  );
                })}
              </span>
            </td>
            <td>{signed(mean)}</td>
            <td>{decimals(axisOf(last.gaussian, k)[1])}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function axisOf({ mean, logSigma }: Gaussian, k: number): readonly [number, number] {
  return [mean[k] as number, Math.exp(logSigma[k] as number)];
}

/** All bars and 0 lie within. */
function scaleOf(drawn: readonly Drawn[]): readonly [number, number] {
  const ends = drawn.flatMap(({ gaussian }) =>
    Array.from(gaussian.mean, (_, k) => axisOf(gaussian, k)).flatMap(([mean, sigma]) => [mean - sigma, mean + sigma]),
  );
  return [Math.min(-1, ...ends), Math.max(1, ...ends)];
}
