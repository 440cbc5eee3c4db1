"""A golden loss of teaching: the energy distance of one case's draws and its gradients, for the readers' own ones.

  python models/training/golden_teach.py tests/golden/training/teach

`maps` [K,H,W] are a head's before any draw: mean, factor, amplitude before its softplus, envelope; `presence` the gate's
logit. `gradient` and `presence_gradient` are of the whole loss (`loss_of` with the objective "energy").
"""

import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

import golden
from network import GraderNet
from objectives import antithetic, energy_distance, multi_sample_nll, presence_cross_entropy
from tiny import TINY

SIZE, DRAWS = 16, 6
OBJECTIVE = {"eps": 3.0, "sharpness": 4.0, "nll": 0.01, "presence": 0.1}


def values(seed=7):
    net = GraderNet(TINY["tiny-gated"])
    generator = torch.Generator().manual_seed(seed)
    y, x = np.mgrid[0:SIZE, 0:SIZE]
    blob = torch.from_numpy(2 - ((x - 8) ** 2 + (y - 7) ** 2) / 9).float()
    count = 1 + net.latent + len(net.spacings) + 1
    maps = 0.5 * torch.randn(count, SIZE, SIZE, generator=generator)
    maps[0] += blob
    maps[-1] += 2
    maps.requires_grad_(True)
    presence = torch.tensor([0.7], requires_grad=True)
    masks = torch.stack([(blob > 0).float(), torch.zeros(SIZE, SIZE), torch.sigmoid(3 * blob)])[None]
    normal = antithetic(generator)
    z, fields, shift = normal(1, DRAWS, net.latent), net.draw_fields(normal, 1, DRAWS, SIZE), normal(1, DRAWS, 2)
    latent = net.latent
    parts = {
        "base": maps[None, :1],
        "factor": maps[None, 1 : 1 + latent],
        "amplitude": F.softplus(maps[None, 1 + latent : -1]),
        "top": maps[None, -1:],
    }
    logits = net.decode(parts, z, fields, shift=shift)
    energy = energy_distance(logits, masks, OBJECTIVE["eps"], OBJECTIVE["sharpness"], None, presence=presence)
    nll = multi_sample_nll(logits, masks, presence)
    loss = energy + OBJECTIVE["nll"] * nll + OBJECTIVE["presence"] * presence_cross_entropy(presence, masks)
    loss.backward()
    plain = energy_distance(logits, masks, OBJECTIVE["eps"], OBJECTIVE["sharpness"])
    found = {
        "maps": maps,
        "presence": presence,
        "masks": masks[0],
        "z": z[0],
        "field": fields[0][0],
        "shift": shift[0],
        "logits": logits[0],
        "energy": energy[None],
        "energy_without_gate": plain[None],
        "nll": nll[None],
        "loss": loss[None],
        "gradient": maps.grad,
        "presence_gradient": presence.grad,
    }
    return {k: np.ascontiguousarray(v.detach().numpy(), dtype="<f4") for k, v in found.items()}


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    torch.use_deterministic_algorithms(True)
    golden.write(values(), folder, "python models/training/golden_teach.py")
