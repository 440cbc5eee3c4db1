// A few messages of onnx.proto, written by hand: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto

/** A field of a protocol buffer: its number, and a whole number, text, bytes, or fields of its own. */
export type Field = readonly [number: number, value: number | string | Uint8Array | readonly Field[]];

/** Fields as bytes: whole numbers as varints, everything else with its length. */
export function protobuf(fields: readonly Field[]): Uint8Array {
  const out: number[] = [];
  for (const [number, value] of fields) {
    if (typeof value === "number") {
      out.push(...varint(number * 8), ...varint(value));
      continue;
    }
    const body =
      typeof value === "string"
        ? new TextEncoder().encode(value)
        : value instanceof Uint8Array
          ? value
          : protobuf(value);
    out.push(...varint(number * 8 + 2), ...varint(body.length), ...body);
  }
  return Uint8Array.from(out);
}

export function varint(value: number): number[] {
  const out: number[] = [];
  for (let left = BigInt.asUintN(64, BigInt(value)); ; left >>= 7n) {
    if (left < 128n) return [...out, Number(left)];
    out.push(Number(left & 127n) | 128);
  }
}

const FLOAT = 1;
const INT64 = 7;
const BOOL = 9;

/** A constant: `[1, 1]` of floats, a list of whole numbers, a truth value. */
export function constant(
  name: string,
  type: "float" | "whole" | "bool",
  values: readonly number[],
  dims = [values.length],
): Field {
  const data: Field[] =
    type === "float"
      ? [[9, new Uint8Array(Float32Array.from(values).buffer)]]
      : type === "whole"
        ? [[9, new Uint8Array(BigInt64Array.from(values, BigInt).buffer)]]
        : [[9, Uint8Array.from(values)]];
  const kind = { float: FLOAT, whole: INT64, bool: BOOL }[type];
  return [5, [...dims.map((dim): Field => [1, dim]), [2, kind], [8, name], ...data]];
}

export interface Node {
  readonly op: string;
  readonly takes: readonly string[];
  readonly gives: readonly string[];
  /** A graph that the node runs, and its whole numbers. */
  readonly body?: readonly Field[];
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>;
}

export function node({ op, takes, gives, body, attributes = {} }: Node): Field {
  const of = Object.entries(attributes).map(([name, value]): Field => {
    if (typeof value === "number")
      return [
        5,
        [
          [1, name],
          [3, value],
          [20, 2],
        ],
      ];
    return [5, [[1, name], ...value.map((one): Field => [8, one]), [20, 7]]];
  });
  if (body)
    of.push([
      5,
      [
        [1, "body"],
        [6, body],
        [20, 5],
      ],
    ]);
  return [1, [...takes.map((name): Field => [1, name]), ...gives.map((name): Field => [2, name]), [4, op], ...of]];
}

/** What goes in (11) or comes out (12): its type and sizes; null: not said. */
export function value(
  side: "in" | "out",
  name: string,
  type: "float" | "whole" | "bool",
  dims: readonly number[] | null,
): Field {
  const kind = { float: FLOAT, whole: INT64, bool: BOOL }[type];
  const shape: Field[] = dims ? [[2, dims.map((dim): Field => [1, [[1, dim]]])]] : [];
  return [
    side === "in" ? 11 : 12,
    [
      [1, name],
      [2, [[1, [[1, kind], ...shape]]]],
    ],
  ];
}

/** A model of one graph: `nodes` and constants between an image, a noise and a map of logits. */
export function onnxBytes(size: number, noise: number, parts: readonly Field[]): Uint8Array {
  const graph: Field[] = [
    ...parts,
    [2, "test"],
    value("in", "image", "float", [1, 1, size, size]),
    value("in", "noise", "float", [1, noise]),
    value("out", "logits", "float", [1, 1, size, size]),
  ];
  return protobuf([
    [1, 8],
    [7, graph],
    [
      8,
      [
        [1, ""],
        [2, 17],
      ],
    ],
  ]);
}
