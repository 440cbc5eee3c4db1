import { useActions, useSelect } from "../../../state/app/react.tsx";
import { t } from "../../../state/app/speech.ts";
import { papersModel } from "../../../state/learn/network-shape.ts";
import { NetworkPart } from "../part.tsx";
import { useShape } from "../shape-context.tsx";

/** What this network has that the paper's has not, and the other way round. */
export function BeyondPart() {
  const { combLayers, factor, fields, envelope, gate, shift, priorNet, posteriorNet } = useShape();
  const added = [
    factor ? t`factor maps: z enters by a straight line (a low-rank Gaussian of logits, Monteiro et al. 2020)` : "",
    fields.length > 0 ? t`local fields: noise of a sample’s own, beside z` : "",
    envelope ? t`the envelope` : "",
    gate ? t`a gate that says whether anything is drawn at all` : "",
    shift ? t`a shift of the whole sample` : "",
  ].filter(Boolean);
  const lacking = [
    combLayers === 0 ? "f_comb" : "",
    priorNet ? "" : t`a prior net: P is N(0, 1) for every picture`,
    posteriorNet ? "" : t`a posterior net: Q is found by Newton steps, after training`,
    posteriorNet
      ? ""
      : t`training by −ELBO: its loss, the energy distance (GED² is of its kind), compared whole sets of samples with the graders`,
  ].filter(Boolean);
  return (
    <NetworkPart
      name="beyond"
      title={t`What is not in the paper`}
      what={t`This model goes past Kohl et al. 2018, and leaves some of it out.`}
    >
      <div className="how-beyond">
        <Listed title={t`It adds`} items={added} />
        <Listed title={t`It lacks of the paper`} items={lacking} />
      </div>
      <PapersButton />
    </NetworkPart>
  );
}

function Listed({ title, items }: { readonly title: string; readonly items: readonly string[] }) {
  if (items.length === 0) return null;
  return (
    <div>
      <h4>{title}</h4>
      <ul>
        {items.map((item) => (
          <li key={item}>{item}</li>
        ))}
      </ul>
    </div>
  );
}

/** Puts the paper's network into this model's place; nothing where the page has none, or it is there already. */
export function PapersButton() {
  const paper = useSelect(papersModel);
  const here = useSelect((state) => state.intent.model);
  const { setModel } = useActions();
  if (paper === null || paper.name === here) return null;
  return (
    <button type="button" title={t`${paper.config.title}, on the same region`} onClick={() => setModel(paper.name)}>
      {t`Show ${paper.name}`}
    </button>
  );
}
