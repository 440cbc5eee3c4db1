"""A run over many cases on a Ray cluster, one shard a task; it calls the command line and has nothing of its own to compute.

  pip install ray
  python tools/cluster/shards_ray.py --shards 16 --parts parts --out figures.json -- evaluate cases.npz --count 16
  ... --address auto     # the cluster that this machine belongs to; without it, this machine's cores

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


def run_shard(graderspace, words, shard, shards, part, folder):
    """Runs one shard to its part; returns its exit code and the last line that it said on stderr."""
    done = subprocess.run(
        [*graderspace, *words, "--shard", f"{shard}/{shards}", "--out", str(part)],
        capture_output=True,
        text=True,
        cwd=folder,
    )
    return done.returncode, (done.stderr.strip().splitlines() or [""])[-1]


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--shards", type=int, required=True)
    ask.add_argument("--parts", type=Path, default=Path("parts"), help="folder of the parts")
    ask.add_argument("--out", required=True, help="what merge writes")
    ask.add_argument("--address", help="address of a Ray cluster; this machine's cores by default")
    ask.add_argument("words", nargs="+", help="the command and its words, after --")
    args = ask.parse_args()

    import ray  # here: --help needs no Ray

    args.parts.mkdir(parents=True, exist_ok=True)
    parts = [args.parts.resolve() / f"{shard}.part" for shard in range(1, args.shards + 1)]
    # "local": never a cluster that is there by chance
    ray.init(address=args.address or "local", include_dashboard=False if not args.address else None, log_to_driver=False)
    task = ray.remote(num_cpus=1, max_retries=0)(run_shard)  # lost workers are counted here, with killed shards
    tries, running = {}, {}

    def submit(shard):
        tries[shard] = tries.get(shard, 0) + 1
        running[task.remote(GRADERSPACE, args.words, shard, args.shards, parts[shard - 1], os.getcwd())] = shard

    for shard in range(1, args.shards + 1):
        submit(shard)
    done = 0
    while running:
        (future, *_), _ = ray.wait(list(running))
        shard = running.pop(future)
        try:
            code, said = ray.get(future)
        except ray.exceptions.RayError as error:
            code, said = 1, f"its worker was lost ({type(error).__name__})"
        if code == 0:
            done += 1
            print(f"{done} of {args.shards} shards", file=sys.stderr)
            continue
        sentence = said if code == 2 else f"shard {shard} ended with {code}: {said}"
        if code == 2 or tries[shard] > 3:
            print(sentence, file=sys.stderr)
            sys.exit(2 if code == 2 else 1)
        print(f"{sentence}; it is run again", file=sys.stderr)
        submit(shard)
    ray.shutdown()
    sys.exit(subprocess.run([*GRADERSPACE, "merge", *map(str, parts), "--out", args.out]).returncode)


if __name__ == "__main__":
    main()
