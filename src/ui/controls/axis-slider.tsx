import type { KeyboardEvent } from "react";
import { REACH } from "../../state/app/intent.ts";
import { said, t } from "../../state/app/speech.ts";
import type { Axis } from "../../state/explore/latent/directions.ts";
import { decimals, signed } from "../app/format.ts";
import { LittleMask } from "../explore/latent/little-mask.tsx";
import { IconButton } from "./icon-button.tsx";
import { filled } from "./labelled-range.tsx";

/** One axis of z in units of the prior's σ. Arrows .1 σ, with shift 1 σ; a double click puts it back to the mean. */
export function AxisSlider(props: {
  readonly axis: Pick<Axis, "name" | "label" | "kl">;
  /** σ; null while z is not known. */
  readonly value: number | null;
  /** What the axis does to the picture: 1 − IoU. */
  readonly effect: number;
  /** 1 − IoU of what it does where z is now, where that is nothing that anybody would see; null: it does something. */
  readonly noEffect: number | null;
  readonly locked: boolean | null;
  onChange(value: number): void;
  onLock(): void;
}) {
  const { axis, noEffect, locked, onChange, onLock } = props;
  const name = said(axis.label);
  const effect = decimals(props.effect);
  const nats = axis.kl === null ? "" : t` · ${decimals(axis.kl)} nats`;
  const facts = noEffect === null ? t`effect ${effect}${nats}` : t`no effect here: ${decimals(noEffect)}`;
  const value = props.value ?? 0;
  const text = props.value === null ? t`not known yet` : `${signed(value)} σ`;

  const key = (event: KeyboardEvent<HTMLInputElement>) => {
    const way = WAYS[event.key];
    if (way === undefined) {
      if (event.key !== "Home" && event.key !== "End") return;
      onChange(event.key === "Home" ? -REACH : REACH);
    } else onChange(rounded(value + way * (event.shiftKey ? 1 : 0.1)));
    event.preventDefault();
  };
  return (
    <div className="axis" data-axis={axis.name} data-live={noEffect === null}>
      <span className="axis-name">{name}</span>
      <LittleMask axis={axis} end="minus" />
      <span className="axis-range">
        <input
          type="range"
          aria-label={name}
          aria-valuetext={`${text}, ${facts}`}
          min={-REACH}
          max={REACH}
          step={0.01}
          value={value}
          disabled={props.value === null || locked === true}
          style={filled((value + REACH) / (2 * REACH))}
          onChange={(event) => onChange(Number(event.target.value))}
          onKeyDown={key}
          onDoubleClick={() => onChange(0)}
        />
        <span className="axis-zero" aria-hidden="true" />
      </span>
      <LittleMask axis={axis} end="plus" />
      <span className="axis-value" aria-hidden="true">
        {props.value === null ? "…" : signed(value)}
      </span>
      {locked === null ? (
        <span />
      ) : (
        <IconButton
          icon={locked ? "lock" : "unlock"}
          look="quiet small"
          label={locked ? t`Unlock ${name}` : t`Lock ${name}`}
          pressed={locked}
          onClick={onLock}
        />
      )}
      <span className="axis-facts">
        {noEffect === null ? `${effect}${nats}` : t`no effect here · ${decimals(noEffect)}`}
      </span>
    </div>
  );
}

const WAYS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -10,
  PageUp: 10,
};

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
