"""Every system behind one interface: built by its family, a loss for training, `sample` and `repeat` for measuring."""

import torch

import sampling
from baselines import DropoutUNet, Image2ImageVAE, MHeads, PlainUNet
from network import GraderNet
from objectives import loss_of

BASELINES = {
    "dropout-unet": DropoutUNet,
    "unet-ensemble": PlainUNet,
    "m-heads": MHeads,
    "image2image-vae": Image2ImageVAE,
}
CHOICES = {"prob-unet": "z", "dropout-unet": "seed", "unet-ensemble": "member", "m-heads": "head", "image2image-vae": "z"}


def build(family, architecture, pixel_noise=False):
    """The untrained network of a family; of the ensemble, one member."""
    if family == "prob-unet":
        return GraderNet(architecture, pixel_noise)
    return BASELINES[family](architecture)


def loss(net, images, masks, stage, generator=None):
    """(loss, figures to log) of one batch under a stage of a config."""
    if isinstance(net, GraderNet):
        return loss_of(net, images, masks, stage, generator)
    return net.loss(images, masks, stage, generator)


@torch.no_grad()
def draw(net, images, count, generator=None):
    """Probabilities [B,count,H,W] of one network."""
    if isinstance(net, GraderNet):
        return sampling.sample(net, images, count, generator)
    return net.draw(images.to(next(net.parameters()).device), count, generator)


class System:
    """An exported model, in fp32 on the CPU: one network, or the ensemble's members. `net` where there is a latent."""

    def __init__(self, networks):
        self.networks = networks
        self.net = networks[0] if isinstance(networks[0], GraderNet) else None

    @torch.no_grad()
    def sample(self, images, count, generator):
        """Probabilities [B,count,H,W]; an ensemble gives its first `count` members, from the start again after the last."""
        if len(self.networks) == 1:
            return draw(self.networks[0], images, count, generator)
        answers = [draw(net, images, 1) for net in self.networks[:count]]
        return torch.cat([answers[n % len(answers)] for n in range(count)], 1)

    def repeat(self, images, epsilon, fields):
        """The same for given standard normals [B,N,L] and fields: the draws of somebody else."""
        if self.net is None:
            raise ValueError("draws can be repeated for models with a prior over z only")
        return sampling.from_normals(self.net, images, epsilon, fields)
