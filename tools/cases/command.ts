import { writeBytes } from "../../src/cli/read-bytes.ts";
import { WHOLE } from "../../src/cli/shards/shard.ts";
import { writeZip } from "../../src/io/bytes/zip-write.ts";
import { writePack } from "../../src/io/pack/pack-write.ts";
import { type PackOrder, readPackOrder } from "./pack-order.ts";
import { type Found, findIn, openFound } from "./routes.ts";
import { mergedOf, shardOf } from "./shards.ts";

/** One path for a whole run and for joined shards: both choose among the same list. */
async function written(order: PackOrder, found: Found, out: string): Promise<object> {
  const { cases, title, attribution } = await openFound(order, found);
  const zip = writeZip(writePack(title, attribution, cases));
  await writeBytes(out, zip);
  const drew = cases.map(({ graders }) => graders.filter(({ mask }) => mask !== null).length);
  const byGraders = Object.fromEntries([2, 3, 4].map((count) => [count, drew.filter((n) => n === count).length]));
  return { cases: cases.length, by_graders: byGraders, out, bytes: zip.length };
}

/** `SOURCE … --out FILE.zip`, one share of it, or `merge PART…`: what is printed. @throws GraderspaceError */
export async function makeCases([first, ...rest]: readonly string[]): Promise<object> {
  if (first === "merge") {
    const merged = await mergedOf(rest);
    return "status" in merged ? merged.status : written(merged.order, merged.found, merged.out);
  }
  const { shard, out, ...order } = readPackOrder(first === undefined ? [] : [first, ...rest]);
  if (shard) return shardOf(order, shard, out);
  return written(order, await findIn(order, WHOLE), out);
}
