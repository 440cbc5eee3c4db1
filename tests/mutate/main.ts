/** `npm run mutate -- --room core --sample 150 --seed 1`: changes one place at a time and runs the tests that mirror it. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { createVitest } from "vitest/node";
import { importsOf, sourcesIn, targetOf, textOf } from "../../tools/source-code.ts";
import { type Mutant, mutantsOf, sampleOf } from "./mutants.ts";

const { values } = parseArgs({
  options: {
    room: { type: "string", default: "core" },
    sample: { type: "string", default: "150" },
    seed: { type: "string", default: "1" },
  },
});
const MOST_CPU_SECONDS = 90;
/** Survivors that change nothing a caller can see: "file: line's text » change" → the reason. */
const accepted = JSON.parse(readFileSync(new URL("accepted.json", import.meta.url), "utf8")) as Record<string, string>;

const sources = sourcesIn(`src/${values.room}`).filter((file) => !file.endsWith(".wasm.ts"));
const chosen = sampleOf(
  sources.flatMap((file) => mutantsOf(file, textOf(file))),
  Number(values.sample),
  Number(values.seed),
);
const tests = sourcesIn("tests").filter((file) => /\.test\.tsx?$/.test(file));
const importers = new Map(
  tests.map((file) => [file, importsOf(file, textOf(file)).map((one) => targetOf(one))] as const),
);

/** The test that mirrors the file; where there is none, those of its room that import it, else all of its room. */
function testsOf(file: string): string[] {
  const mirror = file.replace("src/", "tests/").replace(/\.tsx?$/, ".test.ts");
  if (existsSync(mirror)) return [mirror];
  const near = tests.filter((test) => test.startsWith(`tests/${values.room}/`));
  const direct = near.filter((test) => importers.get(test)?.includes(file));
  return direct.length > 0 ? direct : near;
}

process.env["MUTATE"] = ""; // vitest.config.ts
let now: Mutant | null = null;
const vitest = await createVitest(
  "test",
  { watch: false, bail: 1, maxWorkers: 1, fileParallelism: false, reporters: [{}] },
  {
    plugins: [
      {
        name: "mutant",
        enforce: "pre",
        transform: (code, id) =>
          now && id.split("?")[0] === resolve(now.file)
            ? code.slice(0, now.start) + now.to + code.slice(now.end)
            : null,
      },
    ],
  },
);
await vitest.standalone();

/** Whether a test fails. A worker that has used up its processor time hangs: it is ended, which counts as failed. */
async function fails(files: readonly string[]): Promise<boolean> {
  const watch = setInterval(() => {
    const children = execFileSync("ps", ["-o", "pid=,cputimes=", "--ppid", String(process.pid)]).toString();
    for (const [pid, seconds] of children
      .trim()
      .split("\n")
      .map((row) => row.trim().split(/\s+/).map(Number)))
      if (pid && (seconds ?? 0) > MOST_CPU_SECONDS) process.kill(pid, "SIGKILL");
  }, 5000);
  const specifications = files.flatMap((file) => vitest.getModuleSpecifications(resolve(file)));
  if (specifications.length === 0) throw new Error(`no tests in ${files.join(", ")}`);
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications);
  clearInterval(watch);
  return unhandledErrors.length > 0 || testModules.some((module) => !module.ok());
}

for (const file of new Set(chosen.flatMap((mutant) => testsOf(mutant.file))))
  if (await fails([file])) throw new Error(`${file} fails without any change`);
const counts = { killed: 0, accepted: 0, survived: 0 };
for (const mutant of chosen) {
  now = mutant;
  vitest.invalidateFile(resolve(mutant.file));
  const killed = await fails(testsOf(mutant.file));
  now = null;
  vitest.invalidateFile(resolve(mutant.file));
  const text = textOf(mutant.file).split("\n")[mutant.line - 1]?.trim();
  const fate = killed ? "killed" : `${mutant.file}: ${text} » ${mutant.to}` in accepted ? "accepted" : "survived";
  counts[fate]++;
  if (!killed) console.log(`${fate} ${mutant.file}:${mutant.line} ${mutant.from} » ${mutant.to}\n    ${text}`);
}
const of = chosen.length - counts.accepted;
console.log(
  `${values.room}: ${counts.killed} of ${of} killed (${Math.round((100 * counts.killed) / of)} %), ${counts.accepted} accepted`,
);
await vitest.close();
