"""A golden training step: loss, every gradient, the weights after Adam, for the trainer in other languages.

  python models/training/golden_step.py tests/golden/training/step

Tensors have PyTorch's names and axis order: weights.NAME, gradient.NAME, after.NAME (after two steps on the batch).
"""

import sys
from pathlib import Path

import numpy as np
import torch

import golden
from network import GraderNet
from objectives import cross_entropy, kl_diagonal
from tiny import SHARED, TINY, seeded

ARCHITECTURE = {**TINY["tiny-prob-unet"], **SHARED, "channels": [4, 16], "latent": 3}
SIZE, BATCH, BETA, RATE, STEPS = 8, 3, 2.0, 0.01, 2


def batch(seed=5):
    """Images [B,1,S,S], masks [B,1,S,S], noise [B,L]: nothing that means anything."""
    generator = torch.Generator().manual_seed(seed)
    images = torch.rand(BATCH, 1, SIZE, SIZE, generator=generator)
    masks = (torch.rand(BATCH, 1, SIZE, SIZE, generator=generator) > 0.6).float()
    return images, masks, torch.randn(BATCH, ARCHITECTURE["latent"], generator=generator)


def step_loss(net, images, masks, noise):
    """(cross entropy + beta KL, cross entropy, KL per axis [L])"""
    q_mean, q_log_sigma = net.posterior_of(images, masks)
    kl = kl_diagonal(q_mean, q_log_sigma, *net.prior_of(images)).mean(0)
    z = q_mean + torch.exp(q_log_sigma) * noise
    ce = cross_entropy(net(images, z[:, None]), masks)
    return ce + BETA * kl.sum(), ce, kl


def values():
    net = GraderNet(ARCHITECTURE)
    net.load_state_dict(seeded(ARCHITECTURE, 3))
    images, masks, noise = batch()
    found = {"images": images[:, 0], "masks": masks[:, 0], "noise": noise}
    found |= {f"weights.{k}": v.detach().clone() for k, v in net.named_parameters()}
    adam = torch.optim.Adam(net.parameters(), lr=RATE)
    for step in range(STEPS):
        loss, ce, kl = step_loss(net, images, masks, noise)
        adam.zero_grad()
        loss.backward()
        if step == 0:
            found |= {"loss": loss.detach()[None], "cross_entropy": ce.detach()[None], "kl": kl.detach()}
            found |= {f"gradient.{k}": v.grad.clone() for k, v in net.named_parameters()}
        adam.step()
    found |= {f"after.{k}": v.detach() for k, v in net.named_parameters()}
    return {k: np.ascontiguousarray(v.numpy(), dtype="<f4") for k, v in found.items()}


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    torch.use_deterministic_algorithms(True)
    golden.write(values(), folder, "python models/training/golden_step.py")
