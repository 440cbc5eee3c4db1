import { GraderspaceError } from "./core/errors.ts";

/** The command line's root: finds the command, prints its one JSON object, and turns what went wrong into an exit code. */
const USAGE = `usage: npm run --silent cli -- COMMAND …
  inspect FILE [--frame K] [--npy OUT]
  archive --server URL [--collection LIDC-IDRI] [--patient TEXT] [--date YYYYMMDD-YYYYMMDD] [--modality CT] [--description TEXT] [--page 1] [--study UID [--series UID]]
  sample FILE --at X,Y [--frame K] [--count 16] [--representative M] [--order iid|antithetic|sobol] [--seed 0] [--draw 0] [--threshold 0.5] [--model NAME|DIR] [--mean] [--formats png,nifti,nrrd,seg,rtstruct] --out DIR|ZIP
  replay SESSION.json --slice FILE|SERIES [--marks FILE…] [--model NAME|DIR] [--mean] [--formats png] --out DIR|ZIP
  evaluate CASES.npz|PACK.zip [--split S] [--count 16] [--representative M] [--order iid|antithetic|sobol] [--seed 0] [--limit K] [--model NAME|DIR] [--samples FILE.npz|own] [--dump OUT.npz] [--csv cases.csv] [--style comma|semicolon]
  compare CASES.npz|PACK.zip [--models A,B] [--counts 1,4,8,16] [--order iid|antithetic|sobol] [--split S] [--seed 0] [--limit K] [--samples FILE.npz|own] [--out table.csv] [--csv cases.csv] [--style comma|semicolon]
  lesion SERIES --at X,Y --slice K [--count 32] [--seed 0] [--model NAME|DIR] [--marks FILE…] [--coupling NAME] [--thresholds fleischner-2017] --out DIR|ZIP
  nodules CASES.npz|PACK.zip [--table CASES.csv] [--split S] [--count 128] [--seed 0] [--limit K] [--model NAME|DIR] [--coupling NAME] [--thresholds fleischner-2017] [--fit 64] [--out lesions.csv]
  agreement CASES.npz|PACK.zip [--table CASES.csv] [--split S] [--limit K] [--same-readers] [--thresholds fleischner-2017] [--model NAME|DIR] [--count 4] [--seed 0] [--coupling NAME] [--pairs pairs.csv] [--out report.html]
  … evaluate, compare, nodules, agreement: [--untimed] [--jobs N | --shard I/N --out PART]
  merge PART… [--status] [--untimed] [--out FILE] [--dump OUT.npz] [--pairs pairs.csv] [--csv cases.csv] [--style comma|semicolon]
  train --config SETTINGS.json --out DIR [--resume]
  adapt CASES.npz|PACK.zip [--model NAME|DIR] [--split S] [--folds 5] [--seed 0] [--limit K] [--steps 150] --out DIR
inspect, sample, lesion and replay take dicomweb:STUDY/SERIES with --server URL in the place of a file`;

type Command = (words: readonly string[]) => Promise<object>;

// Loaded when asked for: `inspect` must not wait for a network.
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  archive: async () => (await import("./cli/archive/archive.ts")).archive,
  inspect: async () => (await import("./cli/inspect.ts")).inspect,
  sample: async () => (await import("./cli/sample.ts")).sample,
  replay: async () => (await import("./cli/replay.ts")).replay,
  evaluate: async () => (await import("./cli/evaluate.ts")).evaluate,
  compare: async () => (await import("./cli/compare.ts")).compare,
  lesion: async () => (await import("./cli/lesion/lesion.ts")).lesion,
  nodules: async () => (await import("./cli/lesion/nodules.ts")).nodules,
  agreement: async () => (await import("./cli/agreement/agreement.ts")).agreement,
  merge: async () => (await import("./cli/shards/merge.ts")).merge,
  train: async () => (await import("./cli/train/train.ts")).train,
  adapt: async () => (await import("./cli/train/adapt.ts")).adapt,
};

async function main([name, ...words]: string[]): Promise<number> {
  if (name === undefined || name === "--help" || words.includes("--help")) {
    process.stderr.write(`${USAGE}\n`);
    return name === undefined ? 2 : 0;
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  try {
    if (!load) {
      const remedy = `give one of ${Object.keys(COMMANDS).join(", ")}`;
      throw new GraderspaceError("BadArgument", { problem: `there is no command "${name}"`, remedy });
    }
    const command = await load();
    process.stdout.write(`${JSON.stringify(await command(words))}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof GraderspaceError)) throw error; // a mistake of ours: its trace is wanted
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

process.exitCode = await main(process.argv.slice(2));
