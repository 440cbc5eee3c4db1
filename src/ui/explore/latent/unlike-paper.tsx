import { useSelect } from "../../../state/app/react.tsx";
import type { State } from "../../../state/app/shape.ts";
import { t } from "../../../state/app/speech.ts";

/** What of the paper's network the model on the screen lacks, where the paper's words for it are used. */
export function UnlikePaper() {
  const lacks = useSelect(lacksOf);
  if (lacks === "") return null;
  return <p className="sentence unlike-paper">{t`Not in this model: the paper's ${lacks}.`}</p>;
}

/** "prior net, posterior net, f_comb"; nothing where the model has all of them, or no z as the paper's. */
function lacksOf(state: State): string {
  const config = state.model?.value.config;
  if (config?.family !== "prob-unet") return "";
  const { prior, posterior, head } = config.architecture;
  const parts = [
    prior === "standard" ? t`prior net` : "",
    posterior === "newton" ? t`posterior net` : "",
    head.comb ? "" : "f_comb",
  ];
  return parts.filter((part) => part !== "").join(", ");
}
