import { Fragment, type ReactNode, useMemo, useState } from "react";
import type { GraderKey } from "../../state/app/intent.ts";
import { useSelect } from "../../state/app/react.tsx";
import { t } from "../../state/app/speech.ts";
import { isBusy } from "../../state/explore/busy.ts";
import { graderToShow } from "../../state/learn/evidence.ts";
import { isPapers, type NetworkShape, networkShape } from "../../state/learn/network-shape.ts";
import { hasZ } from "../../state/models/model.ts";
import { usePhone } from "../app/phone.ts";
import { Panel } from "../controls/panel.tsx";
import { Equation } from "./equation.tsx";
import { LightingProvider } from "./lighting.tsx";
import { BeyondPart, PapersButton } from "./network/beyond-part.tsx";
import { CombPart, MapsPart, MaskPart, PicturePart, SumPart } from "./network/decode-parts.tsx";
import { ElboPart, GraderPart, KlPart, PosteriorPart } from "./network/grader-parts.tsx";
import { PriorPart, ZPart } from "./network/latent-parts.tsx";
import { UNetPart } from "./network/unet-part.tsx";
import { Overview } from "./overview.tsx";
import { equationsOf, type PartName, partsOf } from "./parts.ts";
import { ShapeProvider } from "./shape-context.tsx";

/** The network on the screen, drawn part by part with what it makes of the open region. */
export function HowView() {
  const shape = useSelect(networkShape);
  const busy = useSelect((state) => isBusy(state) || state.jobs.inside !== undefined);
  return (
    <main className="how" aria-busy={busy}>
      {shape ? <Drawing shape={shape} /> : <NoDrawing />}
    </main>
  );
}

function Drawing({ shape }: { readonly shape: NetworkShape }) {
  const equations = useMemo(() => equationsOf(shape), [shape]);
  const phone = usePhone();
  const title = useSelect((state) => state.model?.value.config.title ?? "");
  const [asked, setAsked] = useState<GraderKey | null>(null);
  const grader = useSelect((state) => graderToShow(state, asked));
  const parts = partsOf(shape);
  const drawn: Readonly<Record<PartName, ReactNode>> = {
    picture: <PicturePart />,
    unet: <UNetPart />,
    prior: <PriorPart />,
    z: <ZPart />,
    comb: <CombPart />,
    maps: <MapsPart />,
    sum: <SumPart />,
    mask: <MaskPart />,
    grader: <GraderPart grader={grader} onChoose={({ key }) => setAsked(key)} />,
    posterior: <PosteriorPart grader={grader} />,
    kl: <KlPart grader={grader} />,
    elbo: <ElboPart grader={grader} />,
    beyond: <BeyondPart />,
  };
  const training = parts.indexOf("grader");
  const shown = (some: readonly PartName[]) => some.map((name) => <Fragment key={name}>{drawn[name]}</Fragment>);
  return (
    <ShapeProvider value={shape}>
      <LightingProvider equations={equations}>
        <div className="how-drawing">
          <div className="how-lead">
            <h2 className="how-heading">{t`One picture in, one mask for each z out`}</h2>
            <p>{t`Graders draw the same lesion differently, and a U-Net gives one mask for a picture. This network gives another one for each z: a few numbers that say as which grader it draws. Here are its parts, with what they make of the region that is open in Explore.`}</p>
            <p className="dim">
              {title}
              {isPapers(shape)
                ? t`: the network of Kohl et al. 2018.`
                : t`: not the network of the paper, see its last part.`}
            </p>
          </div>
          {phone && <Overview />}
          <div className="how-parts">{shown(parts.slice(0, training))}</div>
          <div className="how-lead">
            <h2 className="how-heading">{t`How it learns what z means`}</h2>
            <p>
              {shape.posteriorNet
                ? t`Nobody tells it. In training it is shown a grader’s mask, guesses which z would have drawn that, draws with this z, and is corrected for two things at once: a mask that is not redrawn, and a z that P could not have expected.`
                : t`The paper’s network is shown a grader’s mask, guesses which z would have drawn that, and is corrected for a mask that is not redrawn and a z that P could not have expected. This model learnt another way (see its last part), but the same can be asked of it.`}
            </p>
          </div>
          <div className="how-parts">{shown(parts.slice(training))}</div>
        </div>
        {!phone && (
          <Panel name={t`Network and equations`} className="how-side">
            <Overview />
            <p className="sentence">{t`Point at a part or an equation: what belongs together lights up. A click keeps it.`}</p>
            {equations.map(([name]) => (
              <Equation key={name} name={name} />
            ))}
          </Panel>
        )}
      </LightingProvider>
    </ShapeProvider>
  );
}

/** For a system that is no network with a light decode, and before there is any. */
function NoDrawing() {
  const model = useSelect((state) => state.model?.value.config.title ?? null);
  const withZ = useSelect(hasZ);
  const given = useSelect((state) => state.model?.value.choice === "samples");
  if (model === null) return <p className="sentence">{t`The network is on its way.`}</p>;
  return (
    <Panel name={t`How it works`} className="how-none">
      <p>
        {t`${
          withZ
            ? t`${model} has a z, but feeds it in at the U-Net’s first layer: there are no parts beside the U-Net to draw.`
            : given
              ? t`${model}: these samples were given, and no network is here to be drawn.`
              : t`${model} has no z: its samples differ by another kind of chance.`
        } This drawing is of networks whose z enters after the U-Net, as the paper’s does.`}
      </p>
      <p>
        <PapersButton />
      </p>
    </Panel>
  );
}
