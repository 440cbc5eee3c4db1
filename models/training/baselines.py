"""The paper's four rivals. Each module has `loss` (training) and `draw` (samples), like the networks with a latent.

Names of modules are the names in the exported files.
"""

import torch
import torch.nn as nn
import torch.nn.functional as F

from network import Encoder, UNet, innermost_dropout
from objectives import cross_entropy, kl_diagonal
from ranks import randint, randn


def one_grader(masks, generator=None):
    """One random grader's mask per image, [B,1,H,W] of [B,G,H,W]."""
    slot = randint(masks.shape[1], len(masks), generator=generator).to(masks.device)
    return masks[torch.arange(len(masks), device=masks.device), slot][:, None]


def start(module):
    """He initialisation, zero biases; the last map small and at few pixels lesion."""
    for m in module.modules():
        if isinstance(m, nn.Conv2d):
            nn.init.kaiming_normal_(m.weight, nonlinearity="relu")
            nn.init.zeros_(m.bias)
    last = module.heads if hasattr(module, "heads") else module.mean
    nn.init.normal_(last.weight, std=0.02)
    nn.init.constant_(last.bias, -3.0)


class PlainUNet(nn.Module):
    """One answer per network: a member of the ensemble. The pairing with graders is its own, by its own seed."""

    def __init__(self, architecture):
        super().__init__()
        self.architecture = architecture
        self.unet, self.mean = UNet(architecture["channels"]), nn.Conv2d(architecture["channels"][0], 1, 1)
        start(self)

    def forward(self, image):
        return self.mean(self.unet(image))

    def loss(self, images, masks, stage, generator=None):
        ce = cross_entropy(self(images), one_grader(masks, generator))
        return ce, {"cross_entropy": ce.detach()}

    def draw(self, images, count, generator=None):
        """The member's only answer, `count` times (an ensemble's samples are its members)."""
        return torch.sigmoid(self(images)).expand(-1, count, -1, -1)


class DropoutUNet(PlainUNet):
    """Dropout at the inputs of the innermost encoder and decoder blocks, three each, in training and in sampling."""

    def keep(self, generator):
        return innermost_dropout(self.architecture["dropout"], len(self.architecture["channels"]), generator)

    def forward(self, image, generator=None, dropout=True):
        return self.mean(self.unet(image, self.keep(generator) if dropout else None))

    def loss(self, images, masks, stage, generator=None):
        ce = cross_entropy(self(images, generator), one_grader(masks, generator))
        return ce, {"cross_entropy": ce.detach()}

    def draw(self, images, count, generator=None):
        """A fresh pass per sample."""
        return torch.cat([torch.sigmoid(self(images, generator)) for _ in range(count)], 1)


class MHeads(nn.Module):
    """M heads on the last feature map; best-of-M: weight 1 - eps on the closest head, eps / (M - 1) on each other."""

    def __init__(self, architecture):
        super().__init__()
        self.architecture, widths = architecture, architecture["channels"]
        self.unet, self.heads = UNet(widths), nn.Conv2d(widths[0], architecture["heads"], 1)
        start(self)

    def forward(self, image):
        return self.heads(self.unet(image))

    def loss(self, images, masks, stage, generator=None):
        eps, logits = stage.get("eps", 0.05), self(images)
        target = one_grader(masks, generator).expand_as(logits)
        each = F.binary_cross_entropy_with_logits(logits, target, reduction="none").sum((2, 3))  # [B,M]
        weight = torch.full_like(each, eps / (each.shape[1] - 1))
        weight.scatter_(1, each.argmin(1, keepdim=True), 1 - eps)
        loss = (weight * each).sum(1).mean()
        return loss, {"cross_entropy": loss.detach(), "closest": each.detach().amin(1).mean()}

    def draw(self, images, count, generator=None):
        """`count` heads without replacement, an order of their own per image (the paper trains one model per n)."""
        p = torch.sigmoid(self(images))
        order = torch.stack([torch.randperm(p.shape[1], generator=generator) for _ in range(len(p))])
        rows = torch.arange(len(p))[:, None]
        return p[rows, order[:, torch.arange(count) % p.shape[1]]]


class Image2ImageVAE(nn.Module):
    """Prior N(0, I), not conditioned on the image; z tiled into the U-Net's input: a full pass per sample."""

    def __init__(self, architecture):
        super().__init__()
        self.architecture, widths, self.latent = architecture, architecture["channels"], architecture["latent"]
        self.unet, self.mean = UNet(widths, 1 + self.latent), nn.Conv2d(widths[0], 1, 1)
        self.posterior = Encoder(widths, self.latent, 2)
        start(self)
        nn.init.normal_(self.posterior.head.weight, std=0.01)

    def forward(self, image, z):
        """image [B,1,H,W], z [B,L] -> logits [B,1,H,W]."""
        tiled = z[:, :, None, None].expand(-1, -1, *image.shape[2:])
        return self.mean(self.unet(torch.cat([image, tiled], 1)))

    def posterior_of(self, image, mask):
        return self.posterior(torch.cat([image, mask - self.architecture["maskOffset"]], 1))

    def loss(self, images, masks, stage, generator=None):
        chosen = one_grader(masks, generator)
        mean, log_sigma = self.posterior_of(images, chosen)
        z = mean + torch.exp(log_sigma) * randn(*mean.shape, generator=generator).to(mean.device)
        ce, zero = cross_entropy(self(images, z), chosen), torch.zeros_like(mean)
        kl = kl_diagonal(mean, log_sigma, zero, zero).mean(0)
        return ce + stage.get("beta", 10.0) * kl.sum(), {"cross_entropy": ce.detach(), "kl": kl.detach()}

    def draw(self, images, count, generator=None):
        z = torch.randn(len(images), count, self.latent, generator=generator).to(images.device)
        return torch.cat([torch.sigmoid(self(images, z[:, n])) for n in range(count)], 1)
