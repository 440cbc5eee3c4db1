"""A run over many cases on a Dask cluster, one shard a task; it calls the command line and has nothing of its own to compute.

  pip install "dask[distributed]"
  python tools/cluster/shards_dask.py --shards 16 --parts parts --out figures.json -- evaluate cases.npz --count 16
  ... --scheduler tcp://head:8786     # a cluster that is there; without it, this machine's cores

For packs GRADERSPACE is "npm run --silent cases --", and the words are the source's: -- LIDC/ --pick 24

Workers see the same files as this process. A shard whose worker was lost, or that was killed, is run again, and only it,
three times at most; bad input ends everything with its sentence. A shard whose part is there is not run again.
"""

import argparse
import os
import shlex
import subprocess
import sys
from pathlib import Path

GRADERSPACE = shlex.split(os.environ.get("GRADERSPACE", "npm run --silent cli --"))


def run_shard(graderspace, words, shard, shards, part):
    """Runs one shard to its part; returns the path. Raises ValueError on bad input, RuntimeError where it was killed."""
    done = subprocess.run(
        [*graderspace, *words, "--shard", f"{shard}/{shards}", "--out", str(part)], capture_output=True, text=True
    )
    said = (done.stderr.strip().splitlines() or [""])[-1]
    if done.returncode == 2:
        raise ValueError(said)
    if done.returncode != 0:
        raise RuntimeError(f"shard {shard} ended with {done.returncode}: {said}")
    return part


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--shards", type=int, required=True)
    ask.add_argument("--parts", type=Path, default=Path("parts"), help="folder of the parts")
    ask.add_argument("--out", required=True, help="what merge writes")
    ask.add_argument("--scheduler", help="address of a Dask scheduler; this machine's cores by default")
    ask.add_argument("words", nargs="+", help="the command and its words, after --")
    args = ask.parse_args()

    from dask.distributed import Client, as_completed  # here: --help needs no Dask

    args.parts.mkdir(parents=True, exist_ok=True)
    parts = [args.parts.resolve() / f"{shard}.part" for shard in range(1, args.shards + 1)]
    client = Client(args.scheduler) if args.scheduler else Client(threads_per_worker=1)
    with client:
        tries = {}

        def submit(shard):
            tries[shard] = tries.get(shard, 0) + 1
            future = client.submit(run_shard, GRADERSPACE, args.words, shard, args.shards, parts[shard - 1], pure=False)
            shard_of[future.key] = shard
            return future

        shard_of = {}
        running = as_completed([submit(shard) for shard in range(1, args.shards + 1)])
        done = 0
        for future in running:
            shard, error = shard_of[future.key], future.exception()
            if isinstance(error, ValueError) or (error and tries[shard] > 3):
                print(error, file=sys.stderr)
                sys.exit(2 if isinstance(error, ValueError) else 1)
            if error:
                print(f"{error}; it is run again", file=sys.stderr)
                running.add(submit(shard))
                continue
            done += 1
            print(f"{done} of {args.shards} shards", file=sys.stderr)
    sys.exit(subprocess.run([*GRADERSPACE, "merge", *map(str, parts), "--out", args.out]).returncode)


if __name__ == "__main__":
    main()
