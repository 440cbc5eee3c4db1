/** A whole number under its name. */
export function NumberField(props: {
  readonly label: string;
  readonly hint: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly after?: string;
  onChange(value: number): void;
}) {
  const { label, hint, value, low, high, after, onChange } = props;
  return (
    <label className="field" title={hint}>
      <span className="heading">{label}</span>
      <span className="row">
        <input
          type="number"
          aria-label={label}
          min={low}
          max={high}
          step={1}
          value={value}
          onChange={(event) => event.target.value !== "" && onChange(Number(event.target.value))}
        />
        {after && <span className="dim">{after}</span>}
      </span>
    </label>
  );
}
