/** `npm run mutate -- core --sample 150 --seed 1`: changes one place at a time and runs the tests that cover it. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import { createVitest } from "vitest/node";
import { importsOf, sourcesIn, targetOf, textOf } from "../../tools/source-code.ts";
import { type Mutant, mutantsOf, sampleOf, shareOf } from "./mutants.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { sample: { type: "string", default: "150" }, seed: { type: "string", default: "1" } },
});
/**
 * A file of tests may use so many seconds of processor time, or so many times what it took without any change by the
 * clock: threads and a busy machine make the two unlike, and who is ended too early would count as killed.
 */
const LEAST_CPU_SECONDS = 15;
const PATIENCE = 6;
/** What a mutant never does is waited for in vain, without any work: so many turns of `until`, so many milliseconds. */
const MOST_TURNS = 4000;
const MOST_WAITED = 180_000;
/** Long, or in processes of their own, and about no single module but one of their own folder: survivors would wait. */
const SLOW =
  /^tests\/(io\/(hostile|shared-cases|dicom\/corpus)|engine\/browser|bench|cli|e2e|examples|download|scripts|state|tools|ui)\b/;
/** Survivors that change nothing a caller can see: "file: line's text » change" → the reason. */
const accepted = JSON.parse(readFileSync(new URL("accepted.json", import.meta.url), "utf8")) as Record<string, string>;

const parts = positionals.length > 0 ? positionals : ["core"];
const sources = parts
  .flatMap((part) => (/\.tsx?$/.test(part) ? [`src/${part}`] : sourcesIn(`src/${part}`)))
  .filter((file) => !/\.(wasm|d)\.ts$/.test(file));
const all = sources.flatMap((file) => mutantsOf(file, textOf(file)));
const chosen = sampleOf(all, Number(values.sample), Number(values.seed));
const tests = sourcesIn("tests").filter((file) => /\.test\.tsx?$/.test(file));
const importsInto = new Map<string, string[]>();
for (const file of [...sourcesIn("src"), ...sourcesIn("tests")])
  for (const one of importsOf(file, textOf(file))) {
    const target = one.typeOnly ? null : targetOf(one);
    if (target) importsInto.set(target, [...(importsInto.get(target) ?? []), file]);
  }

/** Files that import this one, by how many steps they are away. */
function ringsAround(file: string): string[][] {
  const seen = new Set([file]);
  const rings: string[][] = [];
  for (let ring = [file]; ring.length > 0; ) {
    ring = [...new Set(ring.flatMap((one) => importsInto.get(one) ?? []))].filter((one) => !seen.has(one));
    for (const one of ring) seen.add(one);
    rings.push(ring);
  }
  return rings;
}

/**
 * The test that mirrors the file, those of its room that import it and those of its folder that use it by way of others;
 * where there is none, the nearest of other rooms.
 */
function testsOf(file: string): string[] {
  const mirror = file.replace("src/", "tests/").replace(/\.tsx?$/, ".test.ts");
  const quick = (test: string) => tests.includes(test) && (!SLOW.test(test) || dirname(test) === dirname(mirror));
  const rings = ringsAround(file).map((ring) => ring.filter(quick));
  const room = `tests/${file.split("/")[1]}/`;
  const near = [
    ...tests.filter((test) => test === mirror),
    ...(rings[0] ?? []).filter((test) => test.startsWith(room)),
    ...rings.flat().filter((test) => dirname(test) === dirname(mirror)),
  ];
  const found = [...new Set(near.length > 0 ? near : rings.find((ring) => ring.length > 0))];
  return found.sort((a, b) => costOf(a, mirror) - costOf(b, mirror));
}

/** The mirror first, then what took least before any change. */
function costOf(test: string, mirror: string): number {
  return test === mirror ? -1 : (durations.get(test) ?? 0);
}

const durations = new Map<string, number>();
process.env["MUTATE"] = ""; // vitest.config.ts: each run in a process of its own
let now: Mutant | null = null;
const vitest = await createVitest(
  "test",
  {
    ...{ watch: false, bail: 1, maxWorkers: 1, fileParallelism: false, reporters: [{}] },
    ...{ testTimeout: MOST_WAITED, hookTimeout: MOST_WAITED, expect: { poll: { timeout: MOST_WAITED } } },
  },
  {
    plugins: [
      {
        name: "mutant",
        enforce: "pre",
        transform: (code, id) => {
          const file = id.split("?")[0];
          if (file === resolve("tests/support/until.ts")) return code.replace("100_000", String(MOST_TURNS));
          return now && file === resolve(now.file) ? code.slice(0, now.start) + now.to + code.slice(now.end) : null;
        },
      },
    ],
  },
);
await vitest.standalone();

/** Whether a test fails. A worker that has used up its processor time hangs: it is ended, which counts as failed. */
async function fails(file: string): Promise<boolean> {
  const most = Math.max(LEAST_CPU_SECONDS, (PATIENCE * (durations.get(file) ?? Number.POSITIVE_INFINITY)) / 1000);
  const watch = setInterval(() => {
    const children = execFileSync("ps", ["-o", "pid=,cputimes=", "--ppid", String(process.pid)]).toString();
    for (const row of children.trim().split("\n")) {
      const [pid, seconds] = row.trim().split(/\s+/).map(Number);
      if (pid && (seconds ?? 0) > most) process.kill(pid, "SIGKILL");
    }
  }, 2000);
  const specifications = vitest.getModuleSpecifications(resolve(file));
  if (specifications.length === 0) throw new Error(`no tests in ${file}`);
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications);
  clearInterval(watch);
  // What is handed back holds the last state of every file that ever ran.
  const mine = testModules.filter(({ moduleId }) => moduleId === resolve(file));
  return unhandledErrors.length > 0 || mine.length === 0 || mine.some((module) => !module.ok());
}

async function isKilled(mutant: Mutant): Promise<boolean> {
  now = mutant;
  vitest.invalidateFile(resolve(mutant.file));
  try {
    for (const test of testsOf(mutant.file)) if (await fails(test)) return true;
    return false;
  } finally {
    now = null;
    vitest.invalidateFile(resolve(mutant.file));
  }
}

for (const file of new Set(chosen.flatMap((mutant) => testsOf(mutant.file)))) {
  const started = performance.now();
  if (await fails(file)) throw new Error(`${file} fails without any change`);
  durations.set(file, performance.now() - started);
  process.stderr.write(`${file} takes ${Math.round(performance.now() - started)} ms without any change\n`);
}
const counts = { killed: 0, accepted: 0, survived: 0 };
for (const mutant of chosen) {
  const text = textOf(mutant.file).split("\n")[mutant.line - 1]?.trim();
  const fate = (await isKilled(mutant))
    ? "killed"
    : `${mutant.file}: ${text} » ${mutant.to}` in accepted
      ? "accepted"
      : "survived";
  counts[fate]++;
  process.stderr.write(
    `${counts.killed + counts.accepted + counts.survived} of ${chosen.length}, ${counts.killed} killed\n`,
  );
  if (fate !== "killed")
    console.log(`${fate} ${mutant.file}:${mutant.line} ${mutant.from} » ${mutant.to}\n    ${text}`);
}
const { share, low, high } = shareOf(counts.killed, chosen.length - counts.accepted);
const percent = (value: number) => Math.round(100 * value);
console.log(
  `${parts.join(" ")}, seed ${values.seed}: ${counts.killed} of ${chosen.length - counts.accepted} killed, ` +
    `${percent(share)} % (95 %: ${percent(low)}–${percent(high)}); ${counts.accepted} accepted; ${all.length} mutants in all`,
);
await vitest.close();
