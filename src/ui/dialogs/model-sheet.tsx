import { useEffect, useState } from "react";
import { isLive, type ModelConfig } from "../../core/config/model-config.ts";
import type { Card } from "../../state/app/ports.ts";
import { useActions, useSelect } from "../../state/app/react.tsx";
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
          <dt>Family</dt>
          <dd>{kindOf(config)}</dd>
        </div>
        <div>
          <dt>Weights</dt>
          <dd>{decimals(megabytes, 1)} MB</dd>
        </div>
        <div>
          <dt>{config.choice === "z" ? "Latent axes" : "Samples by"}</dt>
          <dd>{choiceOf(config)}</dd>
        </div>
        <div>
          <dt>Licence</dt>
          <dd>{config.licence}</dd>
        </div>
      </dl>
      {card === null ? <p className="sentence">This model has no card.</p> : <Markdown {...card} />}
    </SheetFrame>
  );
}

/** What the model is, in the field's words: a head without f_comb is not the paper's, whatever its family's name says. */
function kindOf({ family, architecture, training }: ModelConfig): string {
  const energy = String(training.objective ?? "").includes("energy");
  switch (family) {
    case "prob-unet":
      if (architecture.head.comb) return "Probabilistic U-Net";
      return `${energy ? "Energy-trained head" : "Head"} that is linear in z (as of Stochastic Segmentation Networks)`;
    case "dropout-unet":
      return "Dropout U-Net";
    case "unet-ensemble":
      return "U-Net Ensemble";
    case "m-heads":
      return "M-Heads";
    case "image2image-vae":
      return "Image2Image VAE";
    case "onnx":
      return "A network in ONNX, by onnxruntime";
    case "samples":
      return "Samples that were made elsewhere; no network";
  }
}

/** What makes two samples of the model differ. */
function choiceOf({ choice, architecture, axes, weights, given = 0 }: ModelConfig): string {
  switch (choice) {
    case "z":
      if (axes.length === 0) return `${architecture.latent}, not measured`;
      return `${architecture.latent}, ${axes.filter(isLive).length} of them live`;
    case "seed":
      return `dropout of ${decimals(architecture.dropout)}, any number`;
    case "member":
      return `${architecture.heads ?? weights.length} members`;
    case "head":
      return `${architecture.heads ?? 0} heads`;
    case "samples":
      return `the ${given} that were given`;
  }
}
