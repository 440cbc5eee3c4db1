/** One measurement: what ran where, on how much, and its median. */
export interface Row {
  readonly where: "node" | "chromium" | "python";
  readonly backend: "wasm" | "webgpu" | "cpu" | "pytorch";
  readonly system: "graderspace" | "tfjs naive" | "onnxruntime-web" | "pytorch";
  readonly what:
    | "encode"
    | "U-Net"
    | "decode"
    | "decode + statistics"
    | "z through slices"
    | "whole slice"
    | "16 passes"
    | "plane"
    | "training step"
    | "training forward"
    | "request to example"
    | "slider to repaint";
  /** Side of the picture in pixels. */
  readonly size: number;
  /** Samples, or slices with one sample each; 0 for an encode. */
  readonly count: number;
  readonly milliseconds: number;
  readonly rounds: number;
  readonly note?: string;
}

/** A ratio of two medians of one run; null where it could not be measured, with the reason. */
export interface Ratio {
  readonly value: number | null;
  readonly reason?: string;
  /** Least and most of the rounds, where each has its own. */
  readonly spread?: string;
  /** What was promised: the bench fails where it is more. */
  readonly atMost?: number;
}

export interface Found {
  readonly rows: Row[];
  readonly ratios: Record<string, Ratio>;
}

/** Largest |a − b|: competitors that do not agree are not compared. */
export function furthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs((a[i] as number) - (b[i] as number)));
  return worst;
}

export function table(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.where,
    row.backend,
    row.system,
    row.what,
    `${row.size}²`,
    row.count ? String(row.count) : "",
    row.milliseconds.toFixed(row.milliseconds < 10 ? 2 : 0),
    row.note ?? "",
  ]);
  const all = [["where", "backend", "system", "what", "size", "N", "ms", ""], ...cells];
  const widths = all[0]?.map((_, k) => Math.max(...all.map((line) => line[k]?.length ?? 0))) ?? [];
  return all
    .map((line) =>
      line
        .map((cell, k) => cell.padEnd(widths[k] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
