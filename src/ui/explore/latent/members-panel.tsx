import { say, type Text } from "../../../core/language/say.ts";
import { useActions, useSelect } from "../../../state/app/react.tsx";
import { said, t } from "../../../state/app/speech.ts";
import { graderFigures } from "../../../state/explore/figures.ts";
import { drawnAreas } from "../../../state/explore/masks.ts";
import { countOf, membersBehind, shownIndex } from "../../../state/explore/samples.ts";
import { showsMaskMap } from "../../../state/explore/set/shape.ts";
import { currentName } from "../../../state/explore/shown.ts";
import { slotColour } from "../../app/colours.ts";
import { decimals } from "../../app/format.ts";
import { ChoiceStrip } from "../../controls/choice-strip.tsx";
import { LabelledRange } from "../../controls/labelled-range.tsx";
import { Panel } from "../../controls/panel.tsx";
import { Thumb } from "../samples/thumb.tsx";
import { LazyMaskMap } from "../set/lazy-mask-map.tsx";
import { ShapeSliders } from "../set/shape-sliders.tsx";
import { DrawButtons } from "./z-buttons.tsx";
import "../../style/members.css";
import { nameSaid } from "../../language/built-in-names.ts";

type Kind = "seed" | "member" | "head" | "samples";

const WORDS: Readonly<
  Record<Kind, { readonly title: Text; readonly one: Text; readonly each: Text; readonly text: Text }>
> = {
  seed: {
    title: say`Dropout passes`,
    one: say`Pass`,
    each: say`Each pass`,
    text: say`No latent space: every sample is another pass of one network, with other values dropped by the seed.`,
  },
  member: {
    title: say`Ensemble members`,
    one: say`Member`,
    each: say`Each member`,
    text: say`No latent space and no seed: every sample is the answer of one of several networks that were trained apart.`,
  },
  head: {
    title: say`Heads`,
    one: say`Head`,
    each: say`Each head`,
    text: say`No latent space: one network with several last layers, each an answer; the seed shuffles their order.`,
  },
  samples: {
    title: say`Given samples`,
    one: say`Sample`,
    each: say`Each sample`,
    text: say`Made elsewhere: no network runs here, so there is no z to drag and no whole-slice map. The map and the modes are of the samples themselves.`,
  },
};

/** Of a system without z: what makes its samples differ, and everything that chooses among them. */
export default function MembersPanel() {
  const choice = useSelect((state) => state.model?.value.choice ?? "seed");
  const kind: Kind = choice === "z" ? "seed" : choice;
  const { title, one, each, text } = WORDS[kind];
  const shown = useSelect(currentName);
  const map = useSelect(showsMaskMap);
  const { showMaskMap } = useActions();
  return (
    <Panel
      name={said(title)}
      className="latent members"
      aside={
        <p className="source" aria-live="polite">
          <span className="dim">{t`shown:`} </span>
          <strong>{shown}</strong>
        </p>
      }
    >
      <p className="sentence">{said(text)}</p>
      {(kind === "seed" || kind === "head") && (
        <div className="row wrap">
          <DrawButtons />
        </div>
      )}
      <Chooser one={said(one)} />
      <ChoiceStrip
        label={t`Picture of the samples`}
        value={map ? "map" : "each"}
        options={[
          { value: "each", label: each },
          {
            value: "map",
            label: t`Map of masks`,
            hint: t`Samples and graders by 1 − IoU, and the modes of their shapes`,
          },
        ]}
        onChange={(value) => showMaskMap(value === "map")}
      />
      {map ? (
        <div className="set-of-samples">
          <LazyMaskMap />
          <ShapeSliders />
        </div>
      ) : (
        <Tiles one={said(one)} />
      )}
      {!map && <NearestToGraders one={said(one)} />}
    </Panel>
  );
}

/** The sample index behind the n-th member, head or pass, each from 0. */
function indexOf(members: readonly number[] | null, n: number): number {
  return members === null ? n : members.indexOf(n);
}

function Chooser({ one }: { one: string }) {
  const members = useSelect(membersBehind);
  const count = useSelect(countOf);
  const index = useSelect(shownIndex);
  const { chooseSample } = useActions();
  const most = members?.length ?? Math.max(count, index + 1);
  const at = members?.[index] ?? index;
  return (
    <LabelledRange
      label={one}
      min={1}
      max={most}
      step={1}
      value={at + 1}
      shown={t`${at + 1} of ${most}`}
      onChange={(n) => chooseSample(indexOf(members, n - 1))}
    />
  );
}

function Tiles({ one }: { one: string }) {
  const members = useSelect(membersBehind);
  const count = useSelect(countOf);
  const total = members?.length ?? count;
  return (
    <ul className="tiles" aria-label={t`Answers of the system`}>
      {Array.from({ length: total }, (_, n) => (
        <Tile key={n} one={one} n={n} index={indexOf(members, n)} />
      ))}
    </ul>
  );
}

function Tile({ one, n, index }: { one: string; n: number; index: number }) {
  const chosen = useSelect((state) => shownIndex(state) === index);
  const area = useSelect((state) => drawnAreas(state)[index]);
  const { chooseSample } = useActions();
  const what = area === undefined ? t`not among the samples` : area === 0 ? t`marks nothing` : `${area} px`;
  return (
    <li>
      <button
        type="button"
        className="thumb-button"
        aria-pressed={chosen}
        aria-label={`${one} ${n + 1}: ${what}`}
        onClick={() => chooseSample(index)}
      >
        <Thumb index={index} />
        <span className="thumb-text" aria-hidden="true">
          <span>{n + 1}</span>
          <span className="dim">{area === undefined ? "" : area === 0 ? "∅" : ""}</span>
        </span>
      </button>
    </li>
  );
}

/** Without a posterior nobody can say which answer a grader would give: only which one comes nearest. */
function NearestToGraders({ one }: { one: string }) {
  const rows = useSelect(graderFigures);
  const members = useSelect(membersBehind);
  const { chooseSample } = useActions();
  const known = rows.filter(({ nearest }) => nearest !== null);
  if (known.length === 0) return null;
  return (
    <div className="nearest">
      <p className="sentence">{t`No posterior: nothing says how a grader would have drawn. The ${one.toLowerCase()} that overlaps most (IoU):`}</p>
      <div className="row wrap">
        {known.map(({ grader, nearest, nearestIou }) => (
          <button
            key={grader.label}
            type="button"
            className="as-grader"
            title={nameSaid(grader.name)}
            onClick={() => nearest !== null && chooseSample(nearest)}
          >
            <span
              className="mark number"
              data-number={grader.mark}
              style={{ background: slotColour(grader.slot) }}
              aria-hidden="true"
            />
            <span className="visually-hidden">{t`Nearest to ${grader.label}:`} </span>
            {one} {(members?.[nearest ?? 0] ?? nearest ?? 0) + 1}
            <span className="dim spread">{decimals(nearestIou)}</span>
          </button>
        ))}
      </div>
    </div>
  );
}
