"""Trains the gate's own encoder by itself: how many of the readers would draw, asked of the image alone.

  python models/training/presence_net.py --channels 1,24,48,96,128 --convs 0,1,2,2,1 --out presence-1.safetensors \
      --seed 1 --seconds 1700 --crops ../shared/lidc/crops.npz ../shared/lidc/more.npz

Whole crops, turned, scaled, moved and in other grey levels at each step, so that a network of a few hundred thousand
weights learns what carries over to other patients; nodules of many slices come seldom. Batch normalisation trains it
and is folded into the convolutions when it is written. The file holds the levels as `0.0.weight`, … and
`out.weight` [3E], `out.bias`: the logit of the share of readers who drew. `gate.py --net` puts it into a model.
"""

import argparse
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import save_file

import data
from network import Presence

AVERAGE, BATCH, SIZE, RATE = 0.998, 48, 112, 2e-3


class Trained(nn.Module):
    """[B,1,H,W] -> logit [B]: the encoder with a batch normalisation behind each convolution, and one linear layer.

    In training it sees each image as it is, else its mirror images too.
    """

    def __init__(self, channels, convs, dropout=0.4):
        super().__init__()
        self.branch = Presence(1, 1, [{"channels": channels, "convs": convs}])
        for conv in self.convs():
            conv.register_parameter("bias", None)
        self.norms = nn.ModuleList(nn.BatchNorm2d(conv.out_channels) for conv in self.convs())
        self.dropout, self.out = nn.Dropout(dropout), nn.Linear(3 * channels[-1], 1)

    def convs(self):
        return [conv for level in self.branch.own[0] for conv in level[::2]]

    def forward(self, image):
        hooks = [conv.register_forward_hook(lambda _, __, y, n=n: n(y)) for conv, n in zip(self.convs(), self.norms)]
        try:
            return self.out(self.dropout(torch.cat((self.branch.seen_once if self.training else self.branch.seen)(self.branch.own[0], image), 1)))[:, 0]
        finally:
            for hook in hooks:
                hook.remove()

    def folded(self):
        """{name: tensor} without normalisation: w' = w g/s, b' = beta - mean g/s with s = sqrt(variance + eps)."""
        scales = [n.weight / torch.sqrt(n.running_var + n.eps) for n in self.norms]
        folded = zip(self.convs(), self.norms, scales)
        pairs = iter([(c.weight * s[:, None, None, None], n.bias - n.running_mean * s) for c, n, s in folded])
        found = {"out.weight": self.out.weight[0], "out.bias": self.out.bias}
        for k, level in enumerate(self.branch.own[0]):
            for i in range(0, len(level), 2):
                names = (f"{k}.{i}.{part}" for part in ("weight", "bias"))
                found |= dict(zip(names, next(pairs)))
        return {name: value.detach().clone() for name, value in found.items()}


def seen_anew(images, size, rng):
    """Images [n,1,S,S] turned by any angle or mirrored, scaled (10 %), moved (2.5 px), the middle `size` x `size` of it,
    in other grey levels (contrast 6 %, brightness .02, noise .01; standard deviations)."""
    n, cut = len(images), size / images.shape[-1]
    angle, scale = rng.uniform(-math.pi, math.pi, n), np.exp(rng.normal(0, 0.1, n))
    mirror, move = rng.choice([-1.0, 1.0], n), rng.normal(0, 5 / images.shape[-1], (n, 2)).clip(-0.1, 0.1)
    c, s = np.cos(angle) * scale * cut, np.sin(angle) * scale * cut
    rows = np.stack([np.stack([c * mirror, -s, move[:, 0]], 1), np.stack([s * mirror, c, move[:, 1]], 1)], 1)
    grid = F.affine_grid(torch.from_numpy(rows).float(), (n, 1, size, size), align_corners=False)
    turned = F.grid_sample(images, grid, padding_mode="reflection", align_corners=False)
    contrast, brightness = (torch.from_numpy(v).float()[:, None, None, None] for v in (np.exp(rng.normal(0, 0.06, n)), rng.normal(0, 0.02, n)))
    return turned * contrast + brightness + torch.from_numpy(rng.normal(0, 0.01, turned.shape)).float()


def readers(crops):
    """k/G [N]: the share of readers who drew."""
    return torch.from_numpy(crops.masks.reshape(*crops.masks.shape[:2], -1).any(2).mean(1)).float()


@torch.no_grad()
def answers(net, crops, batch=64):
    """Logits [N] of the crops as they are."""
    net.eval()
    found = [net(crops.take(np.arange(f, min(f + batch, len(crops))))[0]) for f in range(0, len(crops), batch)]
    net.train()
    return torch.cat(found)


def train(net, crops, seconds, seed, validation=None):
    """Trains until the clock says so, the rate on one cosine; the moving average of its weights is left in `net`."""
    rng, drawn = np.random.default_rng(seed), readers(crops)
    chances = crops.weights(balance=0.5)
    average = {name: value.clone() for name, value in net.state_dict().items()}
    solver = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=0.05)
    start, step, part = time.monotonic(), 0, 0.0
    while part < 1:
        for group in solver.param_groups:
            group["lr"] = RATE * min(1, (step + 1) / 100) * (0.5 + 0.5 * math.cos(math.pi * part))
        chosen = rng.choice(len(crops), BATCH, p=chances / chances.sum())
        images = torch.from_numpy(crops.images[chosen]).float()[:, None] / 255
        loss = F.binary_cross_entropy_with_logits(net(seen_anew(images, SIZE, rng)), drawn[chosen])
        solver.zero_grad()
        loss.backward()
        solver.step()
        step += 1
        memory = min(AVERAGE, step / (step + 10))
        for name, value in net.state_dict().items():
            if value.dtype.is_floating_point:
                average[name].mul_(memory).add_(value, alpha=1 - memory)
        part = (time.monotonic() - start) / seconds
        if step % 500 == 0:
            print(json.dumps({"step": step, "part": round(part, 3), "loss": round(float(loss.detach()), 4)}), flush=True)
    net.load_state_dict(average)
    if validation is not None:
        p, k = torch.sigmoid(answers(net, validation)), readers(validation)
        print(json.dumps({"step": step, "brier": round(float(((p - k) ** 2).mean()), 4)}), flush=True)
    return step


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--crops", type=Path, nargs="+", default=[data.DEFAULT], help="their train slices; val of the first one measures")
    ask.add_argument("--channels", default="1,24,48,96,128", help="of each level")
    ask.add_argument("--convs", default="0,1,2,2,1", help="3x3 convolutions of each level")
    ask.add_argument("--seconds", type=float, default=1700)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--threads", type=int, default=2)
    ask.add_argument("--out", type=Path, required=True)
    args = ask.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    channels, convs = ([int(n) for n in one.split(",")] for one in (args.channels, args.convs))
    net = Trained(channels, convs)
    train(net, data.read_training(args.crops), args.seconds, args.seed, data.read(args.crops[0], "val")[0])
    save_file({name: value.contiguous() for name, value in net.eval().folded().items()}, str(args.out))


if __name__ == "__main__":
    main()
