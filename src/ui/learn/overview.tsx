import { t } from "../../state/app/speech.ts";
import { useLight } from "./lighting.tsx";
import { isSum, type PartName, partsOf } from "./parts.ts";
import { useShape } from "./shape-context.tsx";

interface Node {
  readonly name: PartName;
  readonly label: string;
  readonly x: number;
  readonly y: number;
}

const WIDE = 58;
const HIGH = 26;
/** From the side to the middle of the outermost boxes. */
const EDGE = 32;
const ROWS = { first: 16, second: 72, third: 128 } as const;

/** All parts and what goes from one into another, small: it lights up with them. */
export function Overview() {
  const shape = useShape();
  const sum = isSum(shape);
  const comb = shape.combLayers > 0;
  const middle: readonly (readonly [PartName, string])[] = [
    ["picture", t`picture`],
    ["unet", "U-Net"],
    ...(comb ? ([["comb", "f_comb"]] as const) : []),
    ...(sum
      ? ([
          ["maps", t`maps`],
          ["sum", t`sum`],
        ] as (readonly [PartName, string])[])
      : []),
    ["mask", t`mask`],
  ];
  const across = middle.length > 4 ? 340 : 310;
  const places = (count: number) => (i: number) => EDGE + (i * (across - 2 * EDGE)) / (count - 1);
  const [top, bottom] = [places(middle.length), places(4)];
  const nodes: Node[] = [
    ...middle.map(([name, label], i) => ({ name, label, x: top(i), y: ROWS.first })),
    { name: "prior", label: t`prior P`, x: top(1), y: ROWS.second },
    { name: "z", label: "z", x: top(2), y: ROWS.second },
    { name: "grader", label: t`grader`, x: bottom(0), y: ROWS.third },
    { name: "posterior", label: "Q", x: bottom(1), y: ROWS.third },
    { name: "kl", label: "KL", x: bottom(2), y: ROWS.third },
    { name: "elbo", label: t`loss`, x: bottom(3), y: ROWS.third },
  ];
  const into = sum ? "sum" : "comb";
  const edges: (readonly [PartName, PartName])[] = [
    ...middle.slice(1).map(([name], i) => [middle[i]?.[0] as PartName, name] as const),
    ...(shape.priorNet ? ([["picture", "prior"]] as const) : []),
    ["prior", "z"],
    ["z", comb ? "comb" : into],
    ["picture", "posterior"],
    ["grader", "posterior"],
    ["posterior", "kl"],
    ["prior", "kl"],
    ["kl", "elbo"],
    ["mask", "elbo"],
  ];
  const numbered = partsOf(shape);
  const at = (name: PartName) => nodes.find((node) => node.name === name) as Node;
  const said = edges.map(([from, to]) => t`${at(from).label} to ${at(to).label}`).join(", ");
  return (
    <svg
      className="how-overview"
      viewBox={`0 0 ${across} 144`}
      role="img"
      aria-label={t`The network as a graph: ${said}`}
    >
      <defs>
        <marker id="how-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
          <path d="M0 0.5 7.5 4 0 7.5z" />
        </marker>
      </defs>
      {edges.map(([from, to]) => (
        <path key={`${from} ${to}`} d={wayBetween(at(from), at(to))} markerEnd="url(#how-arrow)" />
      ))}
      {nodes.map((node) => (
        <NodeBox key={node.name} node={node} number={numbered.indexOf(node.name) + 1} />
      ))}
    </svg>
  );
}

function NodeBox({ node, number }: { readonly node: Node; readonly number: number }) {
  const { name, label, x, y } = node;
  const { onPointerEnter, onPointerLeave, ...light } = useLight({ kind: "part", name }).props;
  return (
    <g data-node={name} data-lit={light["data-lit"]} onPointerEnter={onPointerEnter} onPointerLeave={onPointerLeave}>
      <rect x={x - WIDE / 2} y={y - HIGH / 2} width={WIDE} height={HIGH} rx="5" />
      <text x={x} y={y} dy="0.34em" textAnchor="middle">
        <tspan className="number">{number}</tspan> {label}
      </text>
    </g>
  );
}

/** From the edge of one box to the edge of another, straight. */
function wayBetween(from: Node, to: Node): string {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const share = Math.min(WIDE / 2 / Math.max(1e-6, Math.abs(dx)), HIGH / 2 / Math.max(1e-6, Math.abs(dy)));
  const edge = (node: Node, way: 1 | -1) => `${node.x + way * share * dx} ${node.y + way * share * dy}`;
  return `M${edge(from, 1)}L${edge(to, -1)}`;
}
