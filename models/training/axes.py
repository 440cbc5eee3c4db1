"""What each latent axis, and each mode of a case, is worth: KL in nats, effect on the mask (definitions: README).

  python models/training/axes.py models/lidc-prob-unet      measures on all of val, into the folder's config.json
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch

import data
from measures import pairwise_iou
from modes import mode_directions
from objectives import kl_diagonal
from posterior import newton_posterior


@torch.no_grad()
def kl_of(net, images, masks, parts=None):
    """(KL(Q || P) per axis and grader slot [B,G,L], that of the local fields given z [B,G]), nats; masks [B,G,H,W].

    The fields' part is 0 where the model has none. Slots of an image with the same mask are asked once.
    """
    prior = net.prior_of(images)
    if net.posterior is not None:
        slots = masks.float().unbind(1)
        nats = [kl_diagonal(*net.posterior_of(images, mask[:, None]), *prior) for mask in slots]
        return torch.stack(nats, 1), images.new_zeros(masks.shape[:2])
    parts = parts if parts is not None else net.encode(images)
    of_z, of_fields = [], []
    for b, slots in enumerate(masks):
        different, which = slots.flatten(1).unique(dim=0, return_inverse=True)
        own = {name: part[b : b + 1].expand(len(different), *part.shape[1:]) for name, part in parts.items()}
        asked = different.view(-1, 1, *slots.shape[1:]).float()
        q = newton_posterior(own, asked, net.spacings, net.field_scale)
        of_z.append(kl_diagonal(q.mean, q.log_sigma, *(value[b : b + 1] for value in prior))[which])
        of_fields.append(q.nats[which])
    return torch.stack(of_z), torch.stack(of_fields)


def kl_per_axis(net, images, masks, parts=None):
    """The first of `kl_of`: nats [B,G,L]."""
    return kl_of(net, images, masks, parts)[0]


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
    """(axes, modes, fields' KL) for config.json: mean KL over all slots; mean effects over the cases that a grader marked.

    The last is None where the fields are not told from a mask.
    """
    kl, fields, axes, modes = [], [], [], []
    for first in range(0, len(crops), batch):
        images, masks = crops.take(np.arange(first, min(first + batch, len(crops))))
        with torch.no_grad():
            parts = net.encode(images)
        of_z, of_fields = kl_of(net, images, masks, parts)
        kl.append(of_z.flatten(0, 1))
        fields.append(of_fields.flatten())
        marked = masks.bool().flatten(1).any(1)
        by_axis, by_mode = effects(net, images, parts=parts)
        axes.append(by_axis[marked])
        modes.append(by_mode[marked])
        if progress:
            progress(first / len(crops))
    kl, fields, axes, modes = (torch.cat(t).double().mean(0).tolist() for t in (kl, fields, axes, modes))
    return (
        [{"kl": round(k, 4), "effect": round(e, 4)} for k, e in zip(kl, axes)],
        [{"effect": round(e, 4)} for e in modes],
        round(fields, 4) if net.posterior is None and net.spacings else None,
    )


def write_into(folder, net, crops):
    """Measures on these crops, into the folder's config.json."""
    file = folder / "config.json"
    axes, modes, fields = measure(net, crops, progress=lambda done: print(f"\r{done:.0%}", end="", file=sys.stderr))
    print(file=sys.stderr)
    found = {"axes": axes, **({} if fields is None else {"fieldsKl": fields}), "modes": modes}
    config = {}
    for name, value in json.loads(file.read_text()).items():
        config |= found if name == "axes" else {} if name in found else {name: value}
    file.write_text(json.dumps(config, indent=1, ensure_ascii=False) + "\n")


def main():
    from export import load  # which imports `measure` from here

    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("model", type=Path, help="a folder with config.json")
    ask.add_argument("--crops", type=Path, default=data.DEFAULT)
    ask.add_argument("--limit", type=int, help="measure on so many slices of val; all by default")
    ask.add_argument("--threads", type=int, default=2)
    args = ask.parse_args()
    torch.set_num_threads(args.threads)
    write_into(args.model, load(args.model)[0], data.read(args.crops, "val")[0].limit(args.limit))


if __name__ == "__main__":
    main()
