import { VIRIDIS } from "../../core/colour/colour.ts";
import type { TrainingCase } from "../../core/training/training-case.ts";
import { useTrained } from "../../state/app/react.tsx";
import { said, t } from "../../state/app/speech.ts";
import { slotColour } from "../app/colours.ts";
import { PixelPicture } from "./pixel-picture.tsx";

/** Image, graders, samples and their variance of two cases that no step sees; drawn again while it trains. */
export function HeldOutCases() {
  const cases = useTrained((state) => state.started?.cases);
  const samples = useTrained((state) => state.samples);
  const planes = useTrained((state) => state.planes);
  if (!cases) return <p className="sentence">{t`The cases come with the worker.`}</p>;
  return cases.map((one, i) => (
    <HeldOutCase key={i} number={i + 1} one={one} samples={samples[i] ?? null} plane={planes[i] ?? null} />
  ));
}

function HeldOutCase(props: {
  readonly number: number;
  readonly one: TrainingCase;
  readonly samples: Float32Array | null;
  readonly plane: Float32Array | null;
}) {
  const { number, one, samples, plane } = props;
  const habits = useTrained(({ recipe }) => recipe.habits);
  const size = one.image.length;
  const drawn = piecesOf(samples, size);
  return (
    <section className="train-case" aria-label={t`Case ${number}`}>
      <div className="train-large">
        <figure>
          <PixelPicture name={t`Case ${number}`} values={one.image} />
          <figcaption>{t`image`}</figcaption>
        </figure>
        <figure>
          <PixelPicture
            name={t`Variance of case ${number}’s samples`}
            values={varianceOf(drawn, size)}
            table={VIRIDIS}
          />
          <figcaption>{t`variance`}</figcaption>
        </figure>
      </div>
      <LatentPlane number={number} masks={piecesOf(plane, size)} />
      <div className="train-small">
        <p className="dim">{t`Graders`}</p>
        <div className="train-masks">
          {one.masks.map((mask, g) => {
            const name = said(habits[g]?.title ?? "");
            return (
              <figure key={habits[g]?.name ?? g} style={{ borderColor: slotColour(g) }} title={name}>
                <PixelPicture name={t`Case ${number}, ${name}`} values={mask} />
              </figure>
            );
          })}
        </div>
        <p className="dim">{t`16 samples of P(lesion)`}</p>
        <div className="train-masks">
          {drawn.map((sample, n) => (
            <figure key={n}>
              <PixelPicture name={t`Case ${number}, sample ${n + 1}`} values={sample} />
            </figure>
          ))}
        </div>
      </div>
    </section>
  );
}

/** z1 from −2σ to 2σ of the prior to the right, z2 upwards, the others at the mean. */
function LatentPlane({ number, masks }: { readonly number: number; readonly masks: readonly Float32Array[] }) {
  return (
    <figure className="train-plane">
      <div>
        {masks.map((mask, at) => (
          <PixelPicture key={at} name={t`Case ${number}, place ${at + 1} of the latent plane`} values={mask} />
        ))}
      </div>
      <figcaption
        title={t`Columns: z1 at −2σ … 2σ of the prior; rows: z2, upwards; the others at the mean`}
      >{t`latent plane: z1 →, z2 ↑`}</figcaption>
    </figure>
  );
}

function piecesOf(all: Float32Array | null, size: number): Float32Array[] {
  return all ? Array.from({ length: all.length / size }, (_, n) => all.subarray(n * size, (n + 1) * size)) : [];
}

/** Times 4: P(lesion) has a variance of .25 at most. */
function varianceOf(samples: readonly Float32Array[], pixels: number): Float32Array {
  const found = new Float32Array(pixels);
  for (let i = 0; i < pixels && samples.length > 0; i++) {
    let [sum, squares] = [0, 0];
    for (const sample of samples) {
      const p = sample[i] as number;
      sum += p;
      squares += p * p;
    }
    const mean = sum / samples.length;
    found[i] = 4 * Math.max(0, squares / samples.length - mean * mean);
  }
  return found;
}
