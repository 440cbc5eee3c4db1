import { useTrained } from "../../state/app/react.tsx";
import { t } from "../../state/app/speech.ts";
import { type Curve, CurveChart } from "./curve-chart.tsx";

/** Apart for colour-blind eyes (Tol's light set, and lighter ones of it); the legend names each. */
const AXIS_COLOURS = ["#77aadd", "#ee8866", "#eedd88", "#ffaabb", "#99ddff", "#bbcc33", "#dddddd", "#44bb99"];
const TRAIN = "#8ab8ff";
const HELD_OUT = "#f2c14e";
/** Steps over which what is shown of the training is averaged: a batch of eight is noisy. */
const SMOOTH = 15;

/** Cross entropy, KL of each axis and GED² over the steps; batches and held-out cases. */
export function LearningCurves() {
  const curve = useTrained((state) => state.curve);
  const heldOut = useTrained((state) => state.heldOut);
  const before = useTrained((state) => state.before);
  const { steps, axes, latent } = useTrained(({ recipe }) => recipe);
  const smooth = smoothed(curve.map(({ step, crossEntropy }) => [step, crossEntropy]));
  const entropy: Curve[] = [
    { name: t`batches`, colour: TRAIN, look: "train", points: smooth },
    {
      name: t`held out`,
      colour: HELD_OUT,
      look: "held-out",
      points: heldOut.map(({ step, crossEntropy }) => [step, crossEntropy]),
    },
  ];
  const kl: Curve[] = Array.from({ length: axes }, (_, k) => k).flatMap((k): Curve[] => {
    const colour = AXIS_COLOURS[k % AXIS_COLOURS.length] as string;
    return [
      { name: `z${k + 1}`, colour, look: "train", points: smoothed(curve.map((at) => [at.step, at.kl[k] as number])) },
      {
        name: t`z${k + 1} held out`,
        colour,
        look: "held-out",
        silent: true,
        points: heldOut.filter(({ step }) => step > 0).map((at) => [at.step, at.kl[k] as number]),
      },
    ];
  });
  const ged: Curve[] = [
    { name: t`samples`, colour: HELD_OUT, look: "held-out", points: heldOut.map(({ step, ged2 }) => [step, ged2]) },
    ...(before
      ? [
          {
            name: t`before: ${before.title}`,
            colour: "#9aa7b4",
            look: "before" as const,
            points: before.heldOut.map(({ step, ged2 }) => [step, ged2] as const),
          },
        ]
      : []),
  ];
  const live = latent ? "" : t` (without z)`;
  return (
    <>
      <CurveChart name={t`Cross entropy`} unit={t`nats a mask`} curves={entropy} steps={steps} />
      <CurveChart name={t`KL of each axis${live}`} unit={t`nats; dots: held out`} curves={kl} steps={steps} most={8} />
      <CurveChart name={t`GED² at 16, 32 held-out cases`} unit={t`lower is better`} curves={ged} steps={steps} />
    </>
  );
}

/** Means over the last steps. */
function smoothed(points: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  let sum = 0;
  return points.map(([step, value], i) => {
    sum += value - (points[i - SMOOTH]?.[1] ?? 0);
    return [step, sum / Math.min(i + 1, SMOOTH)];
  });
}
