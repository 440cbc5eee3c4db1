import type { CSSProperties } from "react";

/** A slider with its name before it and its value behind it; the value is read as the slider's own. */
export function LabelledRange(props: {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly value: number;
  readonly shown: string;
  readonly hint?: string;
  readonly disabled?: boolean;
  onChange(value: number): void;
}) {
  const { label, min, max, step, value, shown, hint, disabled, onChange } = props;
  return (
    <label className="labelled-range" title={hint}>
      <span>{label}</span>
      <input
        type="range"
        aria-label={label}
        aria-valuetext={shown}
        min={min}
        max={max}
        step={step}
        value={value}
        disabled={disabled}
        style={filled((value - min) / (max - min))}
        onChange={(event) => onChange(Number(event.target.value))}
      />
      <span className="shown" aria-hidden="true">
        {shown}
      </span>
    </label>
  );
}

/** How much of a slider's track is filled. */
export function filled(share: number): CSSProperties {
  return { "--filled": `${Math.max(0, Math.min(1, share)) * 100}%` } as CSSProperties;
}
