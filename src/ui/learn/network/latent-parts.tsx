import type { KeyboardEvent } from "react";
import type { Gaussian } from "../../../core/network/encoding.ts";
import { standardGaussian } from "../../../core/random/gaussian.ts";
import { REACH } from "../../../state/app/intent.ts";
import { useActions, useSelect } from "../../../state/app/react.tsx";
import { t } from "../../../state/app/speech.ts";
import { priorOf, sigmaOf, sourceName } from "../../../state/explore/latent/z.ts";
import { insidesOnScreen } from "../../../state/learn/levels-on-screen.ts";
import { signed } from "../../app/format.ts";
import { filled } from "../../controls/labelled-range.tsx";
import { NetworkPart } from "../part.tsx";
import { useShape } from "../shape-context.tsx";
import { MaskAtZ } from "./decode-parts.tsx";
import { GaussianBars } from "./gaussian-bars.tsx";
import { Level } from "./unet-part.tsx";

/** P in the drawing; Q has its grader's colour. */
export const PRIOR_COLOUR = "#8ab8ff";

/** What the network expects of a grader before it has seen one. */
export function PriorPart() {
  const { priorNet, latent } = useShape();
  const prior = useSelect(priorOf);
  const inner = useSelect((state) => insidesOnScreen(state)?.prior?.at(-1) ?? null);
  if (!priorNet)
    return (
      <NetworkPart
        name="prior"
        title={t`The prior P`}
        what={t`z is ${latent} numbers, called axes, that say as which grader the network draws. What to expect of them before a grader is seen is the same for every picture here: on each axis a middle μ of 0 and a width σ of 1, the standard normal N(0, 1).`}
      >
        <GaussianBars
          caption={t`The prior, the same on each axis`}
          drawn={[drawnPrior(standardGaussian(1))]}
          axes={[t`each`]}
        />
      </NetworkPart>
    );
  return (
    <NetworkPart
      name="prior"
      title={t`Prior net → P(z | x)`}
      takes={["picture"]}
      what={t`z is ${latent} numbers, called axes, that say as which grader the network draws. A second, smaller encoder looks at the same picture and says what to expect of them: for each axis a normal distribution with the middle μ and the width σ. Together they are the prior, P.`}
    >
      {inner && <Level name={t`its last map, averaged over all pixels`} map={inner} />}
      {prior && <GaussianBars caption={t`The prior of this picture, axis by axis`} drawn={[drawnPrior(prior)]} />}
    </NetworkPart>
  );
}

export function drawnPrior(gaussian: Gaussian) {
  return { name: "P", colour: PRIOR_COLOUR, gaussian };
}

/** ε and the z that it makes: the page's own. */
export function ZPart() {
  const { priorMean, nextSeed } = useActions();
  const source = useSelect(sourceName);
  const sigma = useSelect(sigmaOf);
  const prior = useSelect(priorOf);
  const { latent, priorNet } = useShape();
  return (
    <NetworkPart
      name="z"
      title="ε → z"
      takes={["prior"]}
      what={t`A draw from P: ε is plain chance, one standard normal number an axis, ${priorNet ? t`and μ and σ shift and stretch it into z. As z is a formula of μ and σ, training can follow its slope back into the net that made them: the reparameterisation trick.` : t`and z = ε here, as μ is 0 and σ is 1.`} Move it: this is the page’s z, Explore moves along.`}
    >
      <div className="row wrap">
        <button type="button" title={t`ε = 0 on every axis: z = μ`} onClick={priorMean}>
          ε = 0
        </button>
        <button type="button" title={t`The first sample of the next seed`} onClick={nextSeed}>{t`Draw ε`}</button>
        <span className="dim how-source" aria-live="polite">
          z: {source}
        </span>
      </div>
      <div className={priorNet ? "how-epsilons" : "how-epsilons plain"}>
        {Array.from({ length: latent }, (_, axis) => (
          <EpsilonSlider key={axis} axis={axis} epsilon={sigma?.[axis] ?? null} prior={prior} />
        ))}
      </div>
      <MaskAtZ />
    </NetworkPart>
  );
}

const WAYS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 };

/** ε of one axis. Arrows .1, with shift 1; a double click puts it back to 0. */
function EpsilonSlider(props: {
  readonly axis: number;
  readonly epsilon: number | null;
  readonly prior: Gaussian | null;
}) {
  const { axis, epsilon, prior } = props;
  const { moveTo } = useActions();
  const { latent, priorNet } = useShape();
  const locked = useSelect((state) => axis in state.intent.z.locks);
  const name = `z${axis + 1}`;
  const move = (at: number) => {
    const vector = new Float32Array(latent);
    vector[axis] = 1;
    moveTo([{ direction: { vector }, at }], name);
  };
  const value = epsilon ?? 0;
  const [mean, width] = [prior?.mean[axis] ?? 0, Math.exp(prior?.logSigma[axis] ?? 0)];
  const z = signed(mean + width * value);
  const made = priorNet ? `${signed(mean)} + ${width.toFixed(2)} · ε = ${z}` : `ε = ${z}`;
  const key = (event: KeyboardEvent<HTMLInputElement>) => {
    const way = WAYS[event.key];
    if (way === undefined) return;
    event.preventDefault();
    move(Math.round(1e4 * (value + way * (event.shiftKey ? 1 : 0.1))) / 1e4);
  };
  return (
    <label className="how-epsilon" title={t`Arrows move ε by 0.1, with shift by 1; a double click puts it back to 0`}>
      <span>
        ε<sub>{axis + 1}</sub>
      </span>
      <input
        type="range"
        aria-label={`ε${axis + 1}`}
        aria-valuetext={`${signed(value)}: ${name} = ${made}`}
        min={-REACH}
        max={REACH}
        step={0.01}
        value={value}
        disabled={epsilon === null || locked}
        style={filled((value + REACH) / (2 * REACH))}
        onChange={(event) => move(Number(event.target.value))}
        onKeyDown={key}
        onDoubleClick={() => move(0)}
      />
      <span aria-hidden="true">{signed(value)}</span>
      {priorNet && (
        <span className="how-made" aria-hidden="true">
          {name} = {made}
        </span>
      )}
    </label>
  );
}
