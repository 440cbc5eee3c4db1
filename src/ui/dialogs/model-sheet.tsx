import { useEffect, useState } from "react";
import { isLive, type ModelConfig } from "../../core/config/model-config.ts";
import type { Card } from "../../state/app/ports.ts";
import { useActions, useSelect } from "../../state/app/react.tsx";
import { t } from "../../state/app/speech.ts";
import { decimals } from "../app/format.ts";
import { Markdown } from "../controls/markdown.tsx";
import { SheetFrame } from "./sheet-frame.tsx";

/** The model's card: what it was trained on, how good it is, and what it is bad at. */
export default function ModelSheet() {
  const name = useSelect((state) => state.intent.model);
  const choice = useSelect((state) => state.models.find((model) => model.name === state.intent.model));
  const { show, readCard } = useActions();
  const [card, setCard] = useState<Card | null>(null);
  useEffect(() => {
    void readCard(name).then(setCard, () => setCard(null));
  }, [name, readCard]);
  if (!choice) return null;
  const { config } = choice;
  const megabytes = config.weights.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
  return (
    <SheetFrame name={config.title} wide onClose={() => show(null)}>
      <dl className="facts">
        <div>
          <dt>{t`Family`}</dt>
          <dd>{kindOf(config)}</dd>
        </div>
        <div>
          <dt>{t`Weights`}</dt>
          <dd>{decimals(megabytes, 1)} MB</dd>
        </div>
        <div>
          <dt>{config.choice === "z" ? t`Latent axes` : t`Samples by`}</dt>
          <dd>{choiceOf(config)}</dd>
        </div>
        <div>
          <dt>{t`Licence`}</dt>
          <dd>{config.licence}</dd>
        </div>
      </dl>
      {card === null ? <p className="sentence">{t`This model has no card.`}</p> : <Markdown {...card} />}
    </SheetFrame>
  );
}

/** What the model is, in the field's words: a head without f_comb is not the paper's, whatever its family's name says. */
function kindOf({ family, architecture, training }: ModelConfig): string {
  const energy = String(training.objective ?? "").includes("energy");
  switch (family) {
    case "prob-unet":
      if (architecture.head.comb) return t`Probabilistic U-Net`;
      return t`${energy ? t`Energy-trained head` : t`Head`} that is linear in z (as of Stochastic Segmentation Networks)`;
    case "dropout-unet":
      return t`Dropout U-Net`;
    case "unet-ensemble":
      return t`U-Net Ensemble`;
    case "m-heads":
      return "M-Heads";
    case "image2image-vae":
      return t`Image2Image VAE`;
    case "onnx":
      return t`A network in ONNX, by onnxruntime`;
    case "samples":
      return t`Samples that were made elsewhere; no network`;
  }
}

/** What makes two samples of the model differ. */
function choiceOf({ choice, architecture, axes, weights, given = 0 }: ModelConfig): string {
  switch (choice) {
    case "z":
      if (axes.length === 0) return t`${architecture.latent}, not measured`;
      return t`${architecture.latent}, ${axes.filter(isLive).length} of them live`;
    case "seed":
      return t`dropout of ${decimals(architecture.dropout)}, any number`;
    case "member":
      return t`${architecture.heads ?? weights.length} members`;
    case "head":
      return t`${architecture.heads ?? 0} heads`;
    case "samples":
      return t`the ${given} that were given`;
  }
}
