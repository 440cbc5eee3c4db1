import { type ReactNode, useId } from "react";
import { t } from "../../state/app/speech.ts";
import type { NetworkShape } from "../../state/learn/network-shape.ts";
import { rich } from "../language/rich.tsx";
import { useLight } from "./lighting.tsx";
import { type EquationName, equationsOf, isSum } from "./parts.ts";
import { useShape } from "./shape-context.tsx";

interface Written {
  readonly formula: ReactNode;
  /** As it is read aloud. */
  readonly spoken: string;
  readonly words: string;
}

/** An equation as a button: hover or focus lights its parts up, a click keeps them lit and goes to the last of them. */
export function Equation({ name }: { readonly name: EquationName }) {
  const shape = useShape();
  const words = useId();
  const { props: light, pin, pinned } = useLight({ kind: "equation", name });
  const { formula, spoken, words: said } = writtenAs(name, shape);
  const home = equationsOf(shape)
    .find(([one]) => one === name)?.[1]
    .at(-1);
  const keep = () => {
    pin();
    if (pinned) return;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    document.getElementById(`how-${home}`)?.scrollIntoView({ block: "nearest", behavior: still ? "auto" : "smooth" });
  };
  return (
    <div className="how-equation" data-equation={name} {...light}>
      <button type="button" aria-describedby={words} aria-pressed={pinned} onClick={keep}>
        <span className="visually-hidden">{spoken}</span>
        <span aria-hidden="true">{formula}</span>
      </button>
      <p id={words} className="sentence">
        {said}
      </p>
    </div>
  );
}

function Over({ top, bottom }: { readonly top: ReactNode; readonly bottom: ReactNode }) {
  return (
    <span className="how-over">
      <span>{top}</span>
      <span>{bottom}</span>
    </span>
  );
}

const SUM_K = (
  <>
    Σ<sub>k</sub>
  </>
);

function writtenAs(name: EquationName, shape: NetworkShape): Written {
  switch (name) {
    case "draw":
      return {
        formula: (
          <>{rich`${<var>z</var>} = ${<var>μ</var>} + ${<var>σ</var>} · ${<var>ε</var>}, ${<var>ε</var>} ~ N(0, 1)`}</>
        ),
        spoken: t`z equals mu plus sigma times epsilon, epsilon standard normal`,
        words: t`The middle plus the width times plain chance, axis by axis.`,
      };
    case "sum":
      return sumOf(shape);
    case "mask":
      return {
        formula: (
          <>
            {rich`${<var>p</var>} = sigmoid(`}
            {isSum(shape) ? (
              <var>{t`logit`}</var>
            ) : (
              <>
                <var>f</var>
                <sub>{t`comb`}</sub>(<var>U</var>(<var>x</var>), <var>z</var>)
              </>
            )}
            )
          </>
        ),
        spoken: isSum(shape) ? t`p equals sigmoid of the logit` : t`p equals sigmoid of f comb of U of x and z`,
        words: isSum(shape)
          ? t`sigmoid(a) = 1 / (1 + e⁻ᵃ) makes P(lesion) of a logit.`
          : t`U(x): the features of the picture x. sigmoid(a) = 1 / (1 + e⁻ᵃ) makes P(lesion) of a logit.`,
      };
    case "kl":
      return {
        formula: (
          <>
            KL(Q‖P) = {SUM_K} {t`log`}{" "}
            <Over
              top={
                <>
                  <var>σ</var>
                  <sub>P</sub>
                </>
              }
              bottom={
                <>
                  <var>σ</var>
                  <sub>Q</sub>
                </>
              }
            />{" "}
            +{" "}
            <Over
              top={
                <>
                  <var>σ</var>
                  <sub>Q</sub>² + (<var>μ</var>
                  <sub>Q</sub> − <var>μ</var>
                  <sub>P</sub>)²
                </>
              }
              bottom={
                <>
                  2 <var>σ</var>
                  <sub>P</sub>²
                </>
              }
            />{" "}
            − ½
          </>
        ),
        spoken: t`KL of Q from P: the sum over axes k of log sigma P over sigma Q, plus sigma Q squared plus mu Q minus mu P squared, over two sigma P squared, minus one half`,
        words: t`Large where the mask told of z what the picture alone did not.`,
      };
    case "entropy":
      return {
        formula: (
          <>{rich`CE = −Σ${<sub>i</sub>} ${<var>y</var>}${<sub>i</sub>} log ${<var>p</var>}${<sub>i</sub>} + (1 − ${<var>y</var>}${<sub>i</sub>}) log(1 − ${<var>p</var>}${<sub>i</sub>})`}</>
        ),
        spoken: t`cross entropy: minus the sum over pixels i of y i log p i plus one minus y i times log of one minus p i`,
        words: t`y: the grader’s mask, 0 or 1 at pixel i. p: what is drawn at a z of Q.`,
      };
    case "elbo":
      return {
        formula: <>{rich`−ELBO = CE + ${<var>β</var>} · KL(Q‖P)`}</>,
        spoken: t`minus ELBO equals cross entropy plus beta times KL of Q from P`,
        words: t`The paper’s loss; β = 1 weighs KL. Redraw the grader at a z that P expects.`,
      };
  }
}

function sumOf({ combLayers, factor, fields, envelope }: NetworkShape): Written {
  const start = combLayers > 0 ? "f_comb" : "mean";
  return {
    formula: (
      <>
        <var>s</var> = {start}
        {factor && (
          <>
            {" "}
            + {SUM_K} {rich`${<var>z</var>}${<sub>k</sub>} · factor${<sub>k</sub>}`}
          </>
        )}
        {fields.length > 0 && <> {t`+ fields`}</>}
        <br />
        <var>{t`logit`}</var> = {envelope ? t`top − log(1 + e` : <var>s</var>}
        {envelope && (
          <>
            <sup>{rich`top − ${<var>s</var>}`}</sup>)
          </>
        )}
      </>
    ),
    spoken: [
      t`s equals ${start}`,
      factor ? t` plus the sum over axes k of z k times factor k` : "",
      fields.length > 0 ? t` plus the fields` : "",
      envelope ? t`; the logit is top minus log of one plus e to the top minus s` : t`; the logit is s`,
    ].join(""),
    words: envelope
      ? t`At each pixel. A soft minimum: s where it lies well below the envelope (top), top where it would rise above.`
      : t`At each pixel.`,
  };
}
