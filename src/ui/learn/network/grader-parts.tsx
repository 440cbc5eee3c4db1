import { useMemo } from "react";
import { slotRgb } from "../../../core/colour/colour.ts";
import { sigmoid } from "../../../core/network/logits.ts";
import { maskOf } from "../../../core/values/threshold.ts";
import { useActions, useSelect } from "../../../state/app/react.tsx";
import { t } from "../../../state/app/speech.ts";
import { priorOf } from "../../../state/explore/latent/z.ts";
import { outliningGraders, type RegionGrader } from "../../../state/explore/masks.ts";
import { posteriorFailed, redrawnOf, surpriseOf } from "../../../state/learn/evidence.ts";
import { slotColour } from "../../app/colours.ts";
import { decimals } from "../../app/format.ts";
import { ChoiceStrip } from "../../controls/choice-strip.tsx";
import { NetworkPart } from "../part.tsx";
import { useShape } from "../shape-context.tsx";
import { MaskPicture } from "./decode-parts.tsx";
import { GaussianBars } from "./gaussian-bars.tsx";
import { drawnPrior, PRIOR_COLOUR } from "./latent-parts.tsx";
import { Unfinished } from "./unfinished.tsx";

interface OfGrader {
  /** Null where nobody has marked the region. */
  readonly grader: RegionGrader | null;
}

/** Whose mask training would show the network. */
export function GraderPart(props: OfGrader & { onChoose(grader: RegionGrader): void }) {
  const { grader, onChoose } = props;
  const graders = useSelect(outliningGraders);
  const crop = useSelect((state) => state.encoded?.value.crop ?? null);
  const { show, setLasso } = useActions();
  return (
    <NetworkPart
      name="grader"
      title={t`A grader’s mask y`}
      what={t`In training somebody’s answer is known. At each step it is one grader’s, chosen at random: never their mean.`}
    >
      {grader && crop ? (
        <>
          <ChoiceStrip
            label={t`Whose mask`}
            value={String(grader.key)}
            options={graders.map(({ key, label, mark }) => ({
              value: String(key),
              label: graders.length > 2 ? mark : label,
              hint: label,
            }))}
            onChange={(chosen) => {
              const found = graders.find(({ key }) => String(key) === chosen);
              if (found) onChoose(found);
            }}
          />
          <MaskPicture name={grader.label} mask={grader.mask} crop={crop} colour={slotRgb(grader.slot)} />
        </>
      ) : (
        <>
          <p className="how-what">{t`Nobody has marked this region. Draw an outline of your own, drop graders’ masks onto the page beside the slice, or choose a built-in example: then the parts from here on have something to show.`}</p>
          <button
            type="button"
            onClick={() => {
              show("explorer");
              setLasso("redraw");
            }}
          >{t`Draw an outline`}</button>
        </>
      )}
    </NetworkPart>
  );
}

/** Q beside P, and what the network draws in its middle. */
export function PosteriorPart({ grader }: OfGrader) {
  const { posteriorNet } = useShape();
  const redrawn = useSelect((state) => grader && redrawnOf(state, grader));
  const prior = useSelect(priorOf);
  return (
    <NetworkPart
      name="posterior"
      title={posteriorNet ? t`Posterior net → Q` : t`Posterior Q, by Newton`}
      takes={["picture", "grader"]}
      what={
        posteriorNet
          ? t`A third encoder sees the picture x and the mask y, and says which z would have drawn it: again a μ and a σ for each axis, together the posterior, Q. A draw of a mask does without it; training and this page’s marks of graders need it.`
          : t`Which z would have drawn this mask? This model has no net for that. As the sum is straight in z, a few Newton steps find the best z (and local fields, where it has them), the middle μ of the posterior Q; how sharply it is best gives σ.`
      }
    >
      {redrawn && prior && grader && (
        <GaussianBars
          caption={t`${grader.label}’s Q beside P`}
          drawn={[drawnPrior(prior), { name: "Q", colour: slotColour(grader.slot), gaussian: redrawn.posterior }]}
        />
      )}
      <Waiting grader={grader} ready={redrawn !== null} />
    </NetworkPart>
  );
}

/** KL of each axis, each bar beginning where the one before ended. */
export function KlPart({ grader }: OfGrader) {
  const surprise = useSelect((state) => grader && surpriseOf(state, grader.key));
  return (
    <NetworkPart
      name="kl"
      title="KL(Q‖P)"
      takes={["prior", "posterior"]}
      what={t`The Kullback–Leibler divergence, how far Q lies from P: 0 where P expected just this grader. It is counted in nats (bits with e in the place of 2). Each bar begins where the one above ended; together they are the KL of the Figures in Explore.`}
    >
      {surprise && grader && (
        <Stacked
          caption={t`KL of ${grader.label}, nats`}
          rows={Array.from(surprise.perAxis, (nats, k) => ({ name: `z${k + 1}`, nats }))}
          total={{ name: "KL", nats: surprise.total }}
          colour={slotColour(grader.slot)}
        />
      )}
      <Waiting grader={grader} ready={surprise !== null} />
    </NetworkPart>
  );
}

/** Both terms of the loss of one grader. */
export function ElboPart({ grader }: OfGrader) {
  const redrawn = useSelect((state) => grader && redrawnOf(state, grader));
  const surprise = useSelect((state) => grader && surpriseOf(state, grader.key));
  const crop = useSelect((state) => state.encoded?.value.crop ?? null);
  const threshold = useSelect((state) => state.intent.threshold);
  const { posteriorNet, fields } = useShape();
  const logits = redrawn?.logits;
  const mask = useMemo(
    () => (logits && crop ? maskOf(logits.map(sigmoid), crop.size, crop.size, threshold) : null),
    [logits, crop, threshold],
  );
  const trained = posteriorNet
    ? t`What training makes small, over all pictures and graders: the cross entropy (does a z of Q redraw this grader’s mask?) plus KL (could P have expected that z?). Its negative is the evidence lower bound, ELBO.`
    : t`The paper’s loss, for comparison: this model was not trained by it.`;
  return (
    <NetworkPart name="elbo" title={t`The loss, −ELBO`} takes={["grader", "posterior", "kl"]} what={trained} beside>
      {redrawn && surprise && grader && (
        <>
          <div className="how-sum">
            <MaskPicture
              name={grader.label}
              mask={grader.mask}
              crop={crop as NonNullable<typeof crop>}
              colour={slotRgb(grader.slot)}
            />
            {mask && crop && (
              <MaskPicture name={t`drawn at the middle of Q`} mask={mask} crop={crop} colour={[255, 255, 255]} />
            )}
          </div>
          <Stacked
            caption={t`−ELBO of ${grader.label}, nats over ${redrawn.logits.length.toLocaleString("en")} pixels`}
            rows={[
              { name: t`cross entropy`, nats: redrawn.crossEntropy },
              { name: surprise.fields === null ? "KL" : t`KL of z`, nats: surprise.total, colour: PRIOR_COLOUR },
              ...(surprise.fields === null
                ? []
                : [{ name: t`KL of the fields`, nats: surprise.fields, colour: PRIOR_COLOUR }]),
            ]}
            total={{ name: "−ELBO", nats: redrawn.crossEntropy + surprise.total + (surprise.fields ?? 0) }}
            colour={slotColour(grader.slot)}
          />
          <p className="how-what">{t`The cross entropy is taken at one z, the middle μ of Q${fields.length > 0 ? t`, with the fields found beside it` : ""}; it is no mean over draws. Training draws one z from Q at each step.`}</p>
        </>
      )}
      <Waiting grader={grader} ready={redrawn !== null && surprise !== null} />
    </NetworkPart>
  );
}

/** Until the posterior is there: that it comes, could not be found, or that there is no mask to find it of. */
function Waiting({ grader, ready }: OfGrader & { readonly ready: boolean }) {
  const failed = useSelect((state) => grader !== null && posteriorFailed(state, grader.key));
  if (ready) return null;
  if (failed) return <Unfinished what={t`The posterior was not found.`} />;
  return (
    <p className="how-waiting">
      {grader ? t`The posterior is on its way.` : t`There is no mask to show it: see “A grader’s mask”.`}
    </p>
  );
}

interface Row {
  readonly name: string;
  readonly nats: number;
  readonly colour?: string;
}

/** Bars that add up: each begins where the one before ended, the last is the total. */
function Stacked(props: {
  readonly caption: string;
  readonly rows: readonly Row[];
  readonly total: Row;
  readonly colour: string;
}) {
  const { caption, rows, total, colour } = props;
  const share = (nats: number) => `${total.nats > 0 ? (100 * nats) / total.nats : 0}%`;
  let before = 0;
  return (
    <table className="how-bars how-stacked">
      <caption>{caption}</caption>
      <tbody>
        {rows.map(({ name, nats, colour: own }) => {
          const from = before;
          before += nats;
          return (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className="bar" aria-hidden="true">
                <span className="how-scale">
                  <span
                    className="how-length"
                    style={{ left: share(from), width: share(nats), background: own ?? colour }}
                  />
                </span>
              </td>
              <td data-nats={nats}>{decimals(nats)}</td>
            </tr>
          );
        })}
        <tr className="total">
          <th scope="row">{total.name}</th>
          <td className="bar" aria-hidden="true">
            <span className="how-scale">
              <span className="how-length" style={{ left: 0, width: share(total.nats) }} />
            </span>
          </td>
          <td data-nats={total.nats}>{decimals(total.nats)}</td>
        </tr>
      </tbody>
    </table>
  );
}
