"""Fits how many of four readers would draw it, by how often a model does, and writes it into the model's config.json.

  python models/training/presence_law.py models/lidc-energy-gate --crops ../shared/lidc/more.npz --check ../shared/lidc/crops.npz

A beta-binomial law of k given k >= 1: no slice of the data is one that nobody drew. Its mean follows the model's own
share of non-empty draws, logit(mean) = intercept + slope * logit((drawn + .5) / (draws + 1)); its concentration is one
number. Fitted on patients that the model has not seen (the law of the patients it knows is too sure); `--check` tells
what it is worth on `val`, beside a law that does not look at the image. The page's twin is
src/core/measures/presence-law.ts.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch
from scipy.optimize import minimize
from scipy.special import betaln, gammaln

import data
from export import open_system


def log_odds(numbers, drawn, draws, readers):
    """log P(k | k >= 1) [N,readers], k = 1 ... readers, of the shares drawn [N] / draws.

    `numbers`: (intercept, slope, log concentration).
    """
    intercept, slope, log_concentration = numbers
    share = (drawn + 0.5) / (draws + 1)
    mean = 1 / (1 + np.exp(-(intercept + slope * np.log(share / (1 - share)))))
    a, b = mean * np.exp(log_concentration), (1 - mean) * np.exp(log_concentration)
    k = np.arange(readers + 1)
    choose = gammaln(readers + 1) - gammaln(k + 1) - gammaln(readers - k + 1)
    all_k = choose + betaln(k + a[:, None], readers - k + b[:, None]) - betaln(a, b)[:, None]
    some = all_k[:, 1:]
    return some - np.logaddexp.reduce(some, axis=1, keepdims=True)


def loss(numbers, drawn, draws, k, readers):
    """Nats a slice: -log P(k | k >= 1), mean."""
    return float(-log_odds(numbers, drawn, draws, readers)[np.arange(len(k)), k - 1].mean())


def fit(drawn, draws, k, readers, flat=False):
    """(intercept, slope, log concentration) of the largest likelihood; `flat`: slope 0, the image is not looked at."""
    def asked(free):
        return (free[0], 0.0, free[1]) if flat else tuple(free)

    start = [0.0, 1.0] if flat else [0.0, 0.5, 1.0]
    found = minimize(lambda free: loss(asked(free), drawn, draws, k, readers), start, method="Nelder-Mead",
                     options={"xatol": 1e-5, "fatol": 1e-9, "maxiter": 4000})
    return asked(found.x)


def reliability(numbers, drawn, draws, k, readers):
    """[{said, seen, slices}] for "at least three would draw it", in fifths of what the law says."""
    said = np.exp(log_odds(numbers, drawn, draws, readers))[:, 2:].sum(1)
    seen, order = k >= 3, np.argsort(said, kind="stable")
    return [
        {"said": round(float(said[part].mean()), 3), "seen": round(float(seen[part].mean()), 3), "slices": len(part)}
        for part in np.array_split(order, 5)
    ]


@torch.no_grad()
def counted(system, crops, draws, batch=8, seed=0):
    """(drawn [N] of so many draws that are not empty, k [N] of readers who drew)."""
    drawn, k = [], []
    for first in range(0, len(crops), batch):
        images, masks = crops.take(np.arange(first, min(first + batch, len(crops))))
        generator = torch.Generator().manual_seed(seed * 1_000_003 + first)
        samples = system.masks(system.prepare(images).sample(draws, generator))
        drawn.append(samples.flatten(2).any(2).sum(1).cpu().numpy())
        k.append(masks.flatten(2).any(2).sum(1).cpu().numpy())
        print(f"\r{first + len(images)}/{len(crops)}", end="", file=sys.stderr)
    print(file=sys.stderr)
    return np.concatenate(drawn).astype(float), np.concatenate(k)


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("model", type=Path)
    ask.add_argument("--crops", type=Path, required=True, help="of patients that the model has not seen; its train slices")
    ask.add_argument("--check", type=Path, help="crops with a val split")
    ask.add_argument("--draws", type=int, default=128)
    ask.add_argument("--limit", type=int)
    ask.add_argument("--threads", type=int, default=2)
    args = ask.parse_args()
    torch.set_num_threads(args.threads)
    system = open_system(args.model)
    slices = data.read(args.crops, "train")[0].limit(args.limit)
    readers = slices.masks.shape[1]
    drawn, k = counted(system, slices, args.draws)
    told = k >= 1
    numbers = fit(drawn[told], args.draws, k[told], readers)
    said = {
        "intercept": round(numbers[0], 4),
        "slope": round(numbers[1], 4),
        "concentration": round(float(np.exp(numbers[2])), 4),
        "draws": args.draws,
        "slices": int(told.sum()),
    }
    content = {"presenceLaw": said, "nats": round(loss(numbers, drawn[told], args.draws, k[told], readers), 4)}
    if args.check:
        crops = data.read(args.check, "val")[0].limit(args.limit)
        seen, truth = counted(system, crops, args.draws, seed=1)
        flat = fit(drawn[told], args.draws, k[told], readers, flat=True)
        content["check"] = {
            "slices": len(truth),
            "nats": round(loss(numbers, seen, args.draws, truth, readers), 4),
            "nats_without_the_image": round(loss(flat, seen, args.draws, truth, readers), 4),
            "at_least_three": reliability(numbers, seen, args.draws, truth, readers),
        }
    path = args.model / "config.json"
    config = json.loads(path.read_text()) | {"presenceLaw": said}
    path.write_text(json.dumps(config, indent=1, ensure_ascii=False) + "\n")
    print(json.dumps(content))


if __name__ == "__main__":
    main()
