import { useSelect } from "../../../state/app/react.tsx";
import type { State } from "../../../state/app/shape.ts";

/** What of the paper's network the model on the screen lacks, where the paper's words for it are used. */
export function UnlikePaper() {
  const lacks = useSelect(lacksOf);
  if (lacks === "") return null;
  return (
    <p
      className="sentence unlike-paper"
      title={`Unlike the network of Kohl et al. 2018, this model has ${lacks}. P: prior, Q: a grader's posterior`}
    >
      Unlike the paper's: {lacks}.
    </p>
  );
}

function lacksOf(state: State): string {
  const config = state.model?.value.config;
  if (config?.family !== "prob-unet") return "";
  const { prior, posterior, head } = config.architecture;
  const parts = [
    prior === "standard" ? "no prior net (P = N(0, I))" : "",
    posterior === "newton" ? "no posterior net (Q by Newton's steps)" : "",
    head.comb ? "" : "no f_comb (linear in z)",
  ];
  return parts.filter((part) => part !== "").join(", ");
}
