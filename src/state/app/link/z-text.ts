import { type FieldsSource, type GraderKey, REPRESENTED, type ReaderId, type Way, type ZSource } from "../intent.ts";
import { inDigits, numberIn, numbersIn, wholeIn } from "./words.ts";

/** No z lies so far out; past it the logits are no numbers. */
export const FARTHEST_SIGMA = 1000;

/**
 * Where z comes from, in a link: "mean", "s7", "g2", "gyou", "gr7" for the reader r7, "g1-g3@0.4", "h0.1,-2,…" with ";f7"
 * for the fields of sample 7 and ";g2", ";g1-g3@0.4" for graders', "x…" for an exact z.
 */
export function sourceText(source: ZSource): string {
  switch (source.kind) {
    case "mean":
      return "mean";
    case "sample":
      return `s${source.index + 1}`;
    case "posterior":
      return graderText(source.grader);
    case "between":
      return wayText(source);
    case "hand":
      return `h${source.sigma.map((value) => inDigits(value, 4)).join(",")}${fieldsText(source.fields)}`;
    case "exact":
      return `x${source.z.join(",")}`;
  }
}

/** Null where it makes no sense. */
export function sourceIn(text: string | null): ZSource | null {
  if (text === null) return null;
  if (text === "mean") return { kind: "mean" };
  const sample = /^s(\d+)$/.exec(text);
  if (sample) return { kind: "sample", index: Math.min(REPRESENTED.most, Math.max(1, Number(sample[1]))) - 1 };
  const between = wayIn(text);
  if (between) return { kind: "between", ...between };
  const grader = graderIn(text);
  if (grader !== null) return { kind: "posterior", grader };
  const hand = /^h([-+\d.,e]+)(?:;([fg][\w@.-]+))?$/.exec(text);
  if (hand) {
    const sigma = latent(hand[1] ?? "");
    return sigma ? { kind: "hand", sigma, fields: fieldsIn(hand[2] ?? "") } : null;
  }
  const exact = /^x([-+\d.,e]+)$/.exec(text);
  const z = exact ? latent(exact[1] ?? "") : null;
  return z ? { kind: "exact", z } : null;
}

function fieldsText(fields: FieldsSource): string {
  if (fields === null || (typeof fields === "object" && "given" in fields)) return ""; // too many numbers for a link
  if (typeof fields === "number") return `;f${fields + 1}`;
  return `;${fields.from === fields.to ? graderText(fields.from) : wayText(fields)}`;
}

function fieldsIn(text: string): FieldsSource {
  const sample = /^f(\d+)$/.exec(text);
  if (sample) {
    const index = wholeIn(sample[1] ?? null, 1, REPRESENTED.most);
    return index === null ? null : index - 1;
  }
  const grader = graderIn(text);
  return grader === null ? wayIn(text) : { from: grader, to: grader, share: 0 };
}

function wayText({ from, to, share }: Way): string {
  return `${graderText(from)}-${graderText(to)}@${inDigits(share, 3)}`;
}

function wayIn(text: string): Way | null {
  const found = /^(g\w+)-(g\w+)@([\d.]+)$/.exec(text);
  if (!found) return null;
  const [from, to, share] = [graderIn(found[1] ?? ""), graderIn(found[2] ?? ""), numberIn(found[3] ?? null, 0, 1)];
  return from !== null && to !== null && share !== null ? { from, to, share } : null;
}

/** "g2" for a grader of the case, "gyou" and "gr7" for readers. */
export function graderText(grader: GraderKey): string {
  return typeof grader === "number" ? `g${grader + 1}` : `g${grader}`;
}

export function graderIn(text: string): GraderKey | null {
  if (/^g(you|r\d{1,10})$/.test(text)) return text.slice(1) as ReaderId;
  const found = /^g(\d{1,2})$/.exec(text);
  return found && Number(found[1]) > 0 ? Number(found[1]) - 1 : null;
}

/** A z, or a place in σ; its length is held against the model once that is known. */
function latent(text: string): number[] | null {
  const values = numbersIn(text);
  return values?.every((value) => Math.abs(value) <= FARTHEST_SIGMA) ? values : null;
}
