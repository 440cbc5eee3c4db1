"""What n i.i.d. samples of a gated model are expected to score, with its gate's chance integrated out.

  python models/training/expected.py models/lidc-energy-gate --split val --limit 400

Two runs of `evaluate.py` with other seeds differ by .004 of GED^2 on 400 slices, which is as much as one step of a model is
worth. Here whether each of n samples is an outline or empty is not drawn: every mean over the gate's u is written out.
The outlines are (`--draws` of each slice, the same z and fields for every model of one latent size), and 24 of them still
leave some .003 on 400 slices: compare models that were asked with the same draws, and give no figure of one alone.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch

import data
import export
import sampling
from measures import pairwise_iou, without_specks


def expected(p, across, nothing, among, left, graders, n):
    """E GED^2 (biased) of n i.i.d. samples, each an outline with probability `p` and else empty; arrays [B] or numbers.

    `across` E d(S,Y), `nothing` E d(0,Y), `among` E d(S,S') of two draws of the outline, `left` E d(S,0) = the share of
    outlines that are not empty by themselves, `graders` mean d(Y,Y'), i = j included.
    E 2/(nG) sum d - E (1/n^2) sum d = 2 (p across + (1-p) nothing) - (n-1)/n (p^2 among + 2p(1-p) left) - graders.
    """
    pairs = 1 - 1 / n if np.isfinite(n) else 1.0
    return 2 * (p * across + (1 - p) * nothing) - pairs * (p * p * among + 2 * p * (1 - p) * left) - graders


def expected_presence(p, left, readers, n):
    """E 2 (share of n samples that are not empty - readers)^2."""
    q = p * left
    return 2 * ((q - readers) ** 2 + q * (1 - q) / n)


@torch.no_grad()
def terms(net, crops, draws, smallest, seed=0, batch=8):
    """{name: f64 [N]} of the parts of `expected` and of `p`, `readers` and `large` (1 where all drew 40 px or more)."""
    found = {}
    for first in range(0, len(crops), batch):
        images, masks = crops.take(np.arange(first, min(first + batch, len(crops))))
        encoding = sampling.encode(net, images)
        generator = torch.Generator().manual_seed(seed * 1_000_003 + first)
        normals = sampling.draw_normals(net, len(images), draws, images.shape[-1], generator)
        normals.u = torch.full_like(normals.u, 40.0)  # the gate is open
        hard = (sampling.probabilities(net, encoding, normals) >= 0.5).flatten(0, 1).numpy()
        samples = torch.from_numpy(without_specks(hard, smallest)).view(len(images), draws, *images.shape[-2:])
        drew, area = masks.bool(), masks.flatten(2).sum(2)
        within = 1 - pairwise_iou(samples, samples).double()
        values = {
            "p": torch.sigmoid(encoding[0]["presence"].double()),
            "across": 1 - pairwise_iou(samples, drew).double().mean((1, 2)),
            "nothing": (area > 0).double().mean(1),
            "among": within.sum((1, 2)) / (draws * (draws - 1)),
            "left": samples.flatten(2).any(2).double().mean(1),
            "graders": 1 - pairwise_iou(drew, drew).double().mean((1, 2)),
            "readers": (area > 0).double().mean(1),
            "large": (area >= 40).all(1).double(),
        }
        for name, value in values.items():
            found.setdefault(name, []).append(value.numpy())
    return {name: np.concatenate(value) for name, value in found.items()}


def figures(found, n):
    """Means over the slices of what `terms` found, for n i.i.d. samples."""
    law = [found[name] for name in ("p", "across", "nothing", "among", "left", "graders")]
    q = found["p"] * found["left"]
    return {
        "ged2": expected(*law, n).mean(),
        "ged2_endless": expected(*law, np.inf).mean(),
        "ged2_presence": expected_presence(found["p"], found["left"], found["readers"], n).mean(),
        "brier": ((q - found["readers"]) ** 2).mean(),
        "empty_where_all_drew_large": (1 - q)[found["large"] > 0].mean(),
    }


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("models", type=Path, nargs="+", help="folders of models with a gate")
    ask.add_argument("--crops", type=Path, default=data.DEFAULT)
    ask.add_argument("--split", default="val")
    ask.add_argument("--limit", type=int)
    ask.add_argument("--draws", type=int, default=24, help="outlines of each slice")
    ask.add_argument("--count", type=int, default=16, help="n, of the samples that are scored")
    ask.add_argument("--threads", type=int, default=2)
    args = ask.parse_args()
    torch.set_num_threads(args.threads)
    crops = data.read(args.crops, args.split)[0].limit(args.limit)
    for model in args.models:
        net, config = export.load(model)
        if net.presence is None:
            raise SystemExit(f"{model} has no gate: evaluate.py measures it")
        found = figures(terms(net, crops, args.draws, config.get("smallestPart", 0)), args.count)
        told = {"model": model.name, "slices": len(crops), "n": args.count, "draws": args.draws}
        print(json.dumps(told | {name: round(float(value), 4) for name, value in found.items()}), flush=True)


if __name__ == "__main__":
    main()
