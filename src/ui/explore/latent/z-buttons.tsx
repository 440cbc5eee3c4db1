import { useState } from "react";
import type { GraderKey } from "../../../state/app/intent.ts";
import { useActions, useSelect } from "../../../state/app/react.tsx";
import { t } from "../../../state/app/speech.ts";
import { outliningGraders, type RegionGrader } from "../../../state/explore/masks.ts";
import { InfoButton } from "../../concepts/info-button.tsx";
import { IconButton } from "../../controls/icon-button.tsx";
import { filled } from "../../controls/labelled-range.tsx";
import { Folded } from "../../controls/more.tsx";

/** What sets z at once: the prior's mean, a draw, the way between two graders. */
export function ZButtons() {
  const { priorMean } = useActions();
  const kind = useSelect((state) => state.intent.z.source.kind);
  return (
    <div className="z-buttons">
      <div className="row wrap">
        <button type="button" aria-pressed={kind === "mean"} onClick={priorMean}>{t`Prior mean`}</button>
        <DrawSamples />
        <Folded panel="latent" className="row">
          <SeedField />
          <NextSeed />
          <InfoButton about="moves" />
        </Folded>
      </div>
      <Folded panel="latent">
        <Between />
      </Folded>
    </div>
  );
}

export function DrawButtons() {
  return (
    <>
      <DrawSamples />
      <SeedField />
      <NextSeed />
    </>
  );
}

function DrawSamples() {
  const { drawSamples } = useActions();
  return <button type="button" onClick={drawSamples}>{t`Draw samples`}</button>;
}

function NextSeed() {
  const { nextSeed } = useActions();
  return <IconButton icon="next" label={t`New seed`} title={t`Draw with the next seed`} onClick={nextSeed} />;
}

export function SeedField() {
  const seed = useSelect((state) => state.intent.seed);
  const { setSeed } = useActions();
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <label className="row seed">
      <span className="dim">{t`Seed`}</span>
      <input
        type="number"
        aria-label={t`Seed`}
        min={0}
        max={2147483647}
        step={1}
        value={typed ?? String(seed)}
        onChange={(event) => {
          setTyped(event.target.value);
          const value = event.target.valueAsNumber;
          if (Number.isInteger(value) && value >= 0 && value < 2 ** 31) setSeed(value);
        }}
        onBlur={() => setTyped(null)}
      />
    </label>
  );
}

function Between() {
  const graders = useSelect(outliningGraders);
  const source = useSelect((state) => state.intent.z.source);
  const { between } = useActions();
  const [ends, setEnds] = useState<readonly [GraderKey, GraderKey]>([0, 1]);
  if (graders.length < 2) return null;
  const share = source.kind === "between" ? source.share : 0;
  const [from, to] = source.kind === "between" ? [source.from, source.to] : ends;
  const choose = (next: readonly [GraderKey, GraderKey]) => {
    setEnds(next);
    between(next[0], next[1], share);
  };
  return (
    <div className="between">
      <GraderMenu label={t`Slide from`} graders={graders} value={from} onChange={(key) => choose([key, to])} />
      <input
        type="range"
        aria-label={t`Way between the graders`}
        aria-valuetext={`${Math.round(share * 100)} %`}
        min={0}
        max={1}
        step={0.01}
        value={share}
        style={filled(share)}
        onChange={(event) => between(from, to, Number(event.target.value))}
      />
      <GraderMenu label={t`Slide to`} graders={graders} value={to} onChange={(key) => choose([from, key])} />
    </div>
  );
}

function GraderMenu(props: {
  readonly label: string;
  readonly graders: readonly RegionGrader[];
  readonly value: GraderKey;
  onChange(key: GraderKey): void;
}) {
  return (
    <select
      aria-label={props.label}
      value={String(props.value)}
      onChange={({ target }) => {
        const chosen = props.graders.find(({ key }) => String(key) === target.value);
        if (chosen) props.onChange(chosen.key);
      }}
    >
      {props.graders.map(({ key, label }) => (
        <option key={label} value={String(key)}>
          {label}
        </option>
      ))}
    </select>
  );
}
