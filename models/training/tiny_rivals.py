"""The four rivals as tiny untrained networks, for tests in other languages: python models/training/tiny_rivals.py tests/golden"""

import sys
from pathlib import Path

import torch

import export
from systems import CHOICES, build
from tiny import SHARED

HEAD = {"comb": False, "factor": 0, "fields": [], "fieldScale": 1.5, "envelope": False}
OWN = {
    "dropout-unet": {"latent": 0, "posterior": "newton", "dropout": 0.5},
    "unet-ensemble": {"latent": 0, "posterior": "newton"},
    "m-heads": {"latent": 0, "posterior": "newton", "heads": 4},
    "image2image-vae": {"latent": 3, "posterior": "net"},
}


def seeded(family, architecture, seed):
    """Weights large enough that logits spread over units and differ visibly between heads and from z to z."""
    torch.manual_seed(seed)
    net = build(family, architecture)
    for name, p in net.named_parameters():
        torch.nn.init.normal_(p, std=0.1 if name.endswith("bias") else (2.6 / p[0].numel()) ** 0.5)
    return net.state_dict()


def main(folder):
    for family, own in OWN.items():
        architecture = {**SHARED, "head": HEAD, "prior": "standard", **own}
        seeds = (1, 2) if family == "unet-ensemble" else (1,)
        states = [seeded(family, architecture, seed) for seed in seeds]
        name = f"tiny-{family}"
        config = {
            "name": name,
            "title": f"{name} (untrained)",
            "family": family,
            "choice": CHOICES[family],
            "architecture": architecture,
        }
        training = {"note": f"untrained: random weights of seed {' and '.join(map(str, seeds))}, for tests only"}
        export.write(states if len(states) > 1 else states[0], config, Path(folder) / name, training)


if __name__ == "__main__":
    main(sys.argv[1])
