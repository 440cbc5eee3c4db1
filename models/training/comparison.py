"""The table of models/README.md out of the systems' figures per slice; paired differences, whole patients resampled.

  python models/training/evaluate.py models/lidc-m-heads --split test --counts 1,4,8,16 --no-kl --per-case m-heads.npz
  python models/training/comparison.py models/lidc-prob-unet=prob-unet.npz models/lidc-m-heads=m-heads.npz ...

The first system is the one that the others are held against.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from checkpoint import read_weights
from measures import bootstrap


def size_of(folder):
    """(parameters in millions, megabytes) of a model's weights."""
    config = json.loads((folder / "config.json").read_text())
    files = [folder / entry["file"] for entry in config["weights"]]
    count = sum(t.numel() for f in files for t in read_weights(f).values())
    return count / 1e6, sum(f.stat().st_size for f in files) / 1e6


def ged2_at(found, count):
    counts = found["counts"].tolist()
    return found["ged2" if count == counts[-1] else f"ged2@{count}"]


def row(name, found, size):
    """One line of the table: GED² with its interval at each count, the other figures at the largest."""
    cells = []
    for count in found["counts"].tolist():
        values = ged2_at(found, count)
        low, high = bootstrap(values, found["patients"])
        cells.append(f"{np.mean(values):.3f} ({low:.3f}–{high:.3f})")
    cells += [f"{np.nanmean(found[k]):.3f}" for k in ("hm_iou", "diversity", "nestedness", "dice")]
    return f"| {name} | " + " | ".join([*cells, f"{size[0]:.2f}", f"{size[1]:.1f}"]) + " |"


def paired(first, other):
    """(difference, low, high) of GED² at the largest count, first minus other, slice by slice."""
    if not np.array_equal(first["rows"], other["rows"]):
        raise ValueError("the two evaluations saw different slices")
    count = min(first["counts"][-1], other["counts"][-1])
    difference = ged2_at(first, count) - ged2_at(other, count)
    return float(difference.mean()), *bootstrap(difference, first["patients"])


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("systems", nargs="+", help="FOLDER=FIGURES.npz")
    args = ask.parse_args()
    found = {}
    for entry in args.systems:
        folder, file = entry.split("=")
        with np.load(file) as values:
            found[Path(folder)] = dict(values)
    counts = next(iter(found.values()))["counts"].tolist()
    heads = [*[f"GED² at {n}" for n in counts], "HM-IoU", "diversity", "nestedness", "Dice", "parameters (M)", "MB"]
    print("| system | " + " | ".join(heads) + " |\n| --- |" + " --- |" * len(heads))
    for folder, values in found.items():
        print(row(folder.name, values, size_of(folder)))
    (first, mine), *others = found.items()
    print(f"\n| GED² at {counts[-1]}: {first.name} minus | difference | 95 % interval |\n| --- | --- | --- |")
    for folder, values in others:
        difference, low, high = paired(mine, values)
        print(f"| {folder.name} | {difference:+.3f} | {low:+.3f} to {high:+.3f} |")


if __name__ == "__main__":
    main()
