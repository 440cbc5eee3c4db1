"""The tiny untrained networks that tests of other languages read: python models/training/tiny.py tests/golden"""

import sys
from pathlib import Path

import torch

import export
import golden
from network import GraderNet

SHARED = {
    "channels": [4, 8, 8, 8],
    "convsPerBlock": 3,
    "combHidden": 3,
    "upsample": "bilinear-align-corners",
    "pooling": "average",
    "outputChannels": 1,
    "maskOffset": 0.5,
}
TINY = {
    "tiny-prob-unet": {
        **SHARED,
        "latent": 6,
        "head": {"comb": True, "factor": 0, "fields": [], "fieldScale": 1.5, "envelope": False},
        "prior": "net",
        "posterior": "net",
    },
    "tiny-general": {
        **SHARED,
        "latent": 3,
        "head": {"comb": True, "factor": 3, "fields": [8, 4], "fieldScale": 1.5, "envelope": True},
        "prior": "standard",
        "posterior": "net",
    },
    "tiny-linear": {
        **SHARED,
        "latent": 4,
        "head": {"comb": False, "factor": 4, "fields": [8, 4], "fieldScale": 1.5, "envelope": True},
        "prior": "standard",
        "posterior": "newton",
    },
    "tiny-gated": {
        **SHARED,
        "latent": 2,
        "head": {"comb": False, "factor": 2, "fields": [8], "fieldScale": 1.5, "envelope": True, "presence": "gate",
                 "presenceNets": [{"channels": [2, 4, 4], "convs": [1, 2, 1]}, {"channels": [1, 3], "convs": [0, 1]}],
                 "shift": 0.6},
        "prior": "standard",
        "posterior": "newton",
    },
}  # fmt: skip


def seeded(architecture, seed):
    """Weights large enough that logits spread over several units and differ visibly from one z to the next."""
    torch.manual_seed(seed)
    net = GraderNet(architecture)
    for name, p in net.named_parameters():
        fan = p[0].numel()
        if name.endswith("bias"):
            torch.nn.init.normal_(p, std=0.1)
        else:
            torch.nn.init.normal_(p, std=(2.6 if "unet" in name or ".down." in name else 4.0) ** 0.5 / fan**0.5)
    for layer, bias in ((net.amplitude, 0.0), (net.envelope, 3.0)):
        if layer is not None:
            torch.nn.init.constant_(layer.bias, bias)
    last = net.comb[-1] if net.comb is not None else net.mean
    with torch.no_grad():
        if net.comb is not None:
            net.comb[0].weight[:, SHARED["channels"][0] :] *= 2 if net.factor is not None else 6
        last.weight *= (3.0 / torch.from_numpy(golden.values(net)["logits"]).std()).clamp(1, 300)
        last.bias -= float(torch.from_numpy(golden.values(net)["logits"]).median())
    return net.state_dict()


SEEDS = {"tiny-prob-unet": 42, "tiny-general": 33, "tiny-linear": 12, "tiny-gated": 21}


def main(folder):
    for name, architecture in TINY.items():
        seed = SEEDS[name]
        config = {"name": name, "title": f"{name} (untrained)", "family": "prob-unet", "architecture": architecture}
        training = {"note": f"untrained: random weights of seed {seed}, for tests only"}
        export.write(seeded(architecture, seed), config, Path(folder) / name, training)


if __name__ == "__main__":
    main(sys.argv[1])
