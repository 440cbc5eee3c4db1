import type { NetworkShape } from "../../state/learn/network-shape.ts";

/** The parts of the drawing. */
export type PartName =
  | "picture"
  | "unet"
  | "prior"
  | "z"
  | "comb"
  | "maps"
  | "sum"
  | "mask"
  | "grader"
  | "posterior"
  | "kl"
  | "elbo"
  | "beyond";

export type EquationName = "draw" | "sum" | "mask" | "kl" | "entropy" | "elbo";

/** What is pointed at. */
export type Target =
  | { readonly kind: "part"; readonly name: PartName }
  | { readonly kind: "equation"; readonly name: EquationName };

/** The parts of a network in the order in which they are read: what runs for a sample, then what training adds. */
export function partsOf(shape: NetworkShape): readonly PartName[] {
  const first: PartName[] = ["picture", "unet", "prior", "z"];
  if (shape.combLayers > 0) first.push("comb");
  if (isSum(shape)) first.push("maps", "sum");
  const last: PartName[] = ["mask", "grader", "posterior", "kl", "elbo"];
  return [...first, ...last, ...(isSum(shape) || shape.gate || shape.shift ? (["beyond"] as const) : [])];
}

/** Whether the logits are a sum of maps: past the paper. */
export function isSum({ combLayers, factor, fields, envelope }: NetworkShape): boolean {
  return combLayers === 0 || factor || fields.length > 0 || envelope;
}

/** The equations of a network, in the order of their parts, each with the parts that it speaks of: its home is the last. */
export function equationsOf(shape: NetworkShape): readonly (readonly [EquationName, readonly PartName[]])[] {
  const decode: readonly PartName[] = [
    ...(shape.combLayers > 0 ? (["comb"] as const) : []),
    ...(isSum(shape) ? (["maps", "sum"] as const) : []),
  ];
  return [
    ["draw", ["prior", "z"]],
    ...(isSum(shape) ? [["sum", ["z", "maps", "sum"]] as const] : []),
    ["mask", ["picture", "unet", "z", ...decode, "mask"]],
    ["kl", ["prior", "posterior", "kl"]],
    ["entropy", ["grader", "posterior", "elbo"]],
    ["elbo", ["kl", "elbo"]],
  ];
}

/** Whether something lights up while `target` is pointed at: an equation lights its parts, a part the equations about it. */
export function lights(target: Target | null, equations: ReturnType<typeof equationsOf>, one: Target): boolean {
  if (target === null) return false;
  if (target.kind === one.kind) return target.name === one.name;
  const [equation, part] = target.kind === "equation" ? [target, one] : [one, target];
  return equations.some(([name, parts]) => name === equation.name && parts.includes(part.name as PartName));
}
