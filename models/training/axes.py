"""What each latent axis, and each mode of a case, is worth: KL in nats, effect on the mask (definitions: README).

  python models/training/axes.py models/lidc-prob-unet      measures on all of val, into the folder's config.json
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch

import data
from measures import pairwise_iou
from modes import mode_directions
from objectives import kl_diagonal
from posterior import newton_posterior


@torch.no_grad()
def kl_per_axis(net, images, masks, parts=None):
    """KL(Q || P) per axis and grader slot, nats [B,G,L]; masks [B,G,H,W]."""
    prior = net.prior_of(images)
    found = []
    for slot in range(masks.shape[1]):
        mask = masks[:, slot : slot + 1].float()
        if net.posterior is not None:
            q = net.posterior_of(images, mask)
        else:
            q = newton_posterior(parts if parts is not None else net.parts(net.unet(images)), mask)
        found.append(kl_diagonal(*q, *prior))
    return torch.stack(found, 1)


def _masks(net, parts, mean, sigma, epsilon):
    """Masks [B,K,H,W] at prior mean + sigma * epsilon; epsilon [B,K,L]; fields off."""
    return net.decode(parts, mean[:, None] + sigma[:, None] * epsilon) >= 0


def _effect(masks):
    """1 - IoU between the masks of each pair (first half against second half), [B,K]."""
    low, high = masks.chunk(2, 1)
    b, k = low.shape[:2]
    iou = pairwise_iou(low.flatten(0, 1)[:, None], high.flatten(0, 1)[:, None])
    return 1 - iou.view(b, k)


@torch.no_grad()
def effects(net, images, reach=2.0, parts=None):
    """(per axis [B,L], per mode [B,min(10,L)]): 1 - IoU between the masks at -2 and +2 sigma."""
    parts = parts if parts is not None else net.parts(net.unet(images))
    mean, log_sigma = net.prior_of(images)
    sigma = torch.exp(log_sigma)
    axes = torch.eye(net.latent, device=mean.device).expand(len(images), -1, -1) * reach
    modes = mode_directions(net, parts, mean, sigma)[:, :10] * reach
    return tuple(_effect(_masks(net, parts, mean, sigma, torch.cat([-d, d], 1))) for d in (axes, modes))


def measure(net, crops, batch=16, progress=None):
    """(axes, modes) for config.json: mean KL over all slots; mean effects over the cases that a grader marked."""
    kl, axes, modes = [], [], []
    for first in range(0, len(crops), batch):
        images, masks = crops.take(np.arange(first, min(first + batch, len(crops))))
        with torch.no_grad():
            parts = net.parts(net.unet(images))
        kl.append(kl_per_axis(net, images, masks, parts).flatten(0, 1))
        marked = masks.bool().flatten(1).any(1)
        by_axis, by_mode = effects(net, images, parts=parts)
        axes.append(by_axis[marked])
        modes.append(by_mode[marked])
        if progress:
            progress(first / len(crops))
    kl, axes, modes = (torch.cat(t).double().mean(0).tolist() for t in (kl, axes, modes))
    return (
        [{"kl": round(k, 4), "effect": round(e, 4)} for k, e in zip(kl, axes)],
        [{"effect": round(e, 4)} for e in modes],
    )


def main():
    from export import load  # which imports `measure` from here

    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("model", type=Path, help="a folder with config.json")
    ask.add_argument("--crops", type=Path, default=data.DEFAULT)
    ask.add_argument("--limit", type=int, help="measure on so many slices of val; all by default")
    ask.add_argument("--threads", type=int, default=2)
    args = ask.parse_args()
    torch.set_num_threads(args.threads)
    net, config = load(args.model)
    config["axes"], config["modes"] = measure(net, data.read(args.crops, "val")[0].limit(args.limit))
    (args.model / "config.json").write_text(json.dumps(config, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
