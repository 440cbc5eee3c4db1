import type { TaughtFiles } from "../../../engine/teach/teaching-port.ts";

/** What a model is called that was taught from `parent` on a pack of this title. */
export function nameOfTaught(parent: string, packTitle: string): string {
  const pack = packTitle
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  return `${parent}-${pack.slice(0, 40) || "taught"}`;
}

/** A zip of the model's folder, as the page opens it again. */
export async function zipOfTaught(name: string, { config, weights, card }: TaughtFiles): Promise<Uint8Array> {
  const text = (value: string) => new TextEncoder().encode(value);
  const { writeZip } = await import("../../../io/bytes/zip-write.ts");
  const files: Record<string, Uint8Array> = {
    [`${name}/config.json`]: text(`${JSON.stringify(config, null, 1)}\n`),
    [`${name}/README.md`]: text(card),
  };
  for (const [i, { file }] of config.weights.entries()) files[`${name}/${file}`] = weights[i] as Uint8Array;
  return writeZip(files);
}
