"""Every system behind one interface: built by its family, a loss for training, `sample` and `repeat` for measuring."""

import torch

import sampling
from baselines import DropoutUNet, Image2ImageVAE, MHeads, PlainUNet
from measures import hard
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


def loss(net, images, masks, stage, generator=None, teacher=None, labels=None):
    """(loss, figures to log) of one batch under a stage of a config."""
    if isinstance(net, GraderNet):
        return loss_of(net, images, masks, stage, generator, teacher, labels)
    return net.loss(images, masks, stage, generator)


@torch.no_grad()
def draw(net, images, count, generator=None):
    """Probabilities [B,count,H,W] of one network."""
    if isinstance(net, GraderNet):
        return sampling.sample(net, images, count, generator)
    return net.draw(images.to(next(net.parameters()).device), count, generator)


class Prepared:
    """A batch of images that a system has encoded once, however often it is sampled."""

    def __init__(self, system, images):
        self.system, self.images = system, images
        self.encoding = None if system.net is None else sampling.encode(system.net, images)

    def presence(self):
        """The gate's own probability that anything is drawn, [B]; None where there is no gate."""
        logit = None if self.encoding is None else self.encoding[0].get("presence")
        return None if logit is None else torch.sigmoid(logit)

    @torch.no_grad()
    def sample(self, count, generator):
        """Probabilities [B,count,H,W]; an ensemble gives its first `count` members, from the start again after the last."""
        net, networks = self.system.net, self.system.networks
        if net is not None:
            return self.repeat(sampling.draw_normals(net, len(self.images), count, self.images.shape[-1], generator))
        if len(networks) == 1:
            return draw(networks[0], self.images, count, generator)
        answers = [draw(member, self.images, 1) for member in networks[:count]]
        return torch.cat([answers[n % len(answers)] for n in range(count)], 1)

    def repeat(self, normals):
        """The same for given standard normals: the draws of somebody else."""
        if self.system.net is None:
            raise ValueError("draws can be repeated for models with a prior over z only")
        return sampling.probabilities(self.system.net, self.encoding, normals)


class System:
    """An exported model, in fp32 on the CPU: one network, or the ensemble's members. `net` where there is a latent.

    `smallest`: the config's smallestPart, pixels.
    """

    def __init__(self, networks, smallest=0):
        self.networks, self.smallest = networks, smallest
        self.net = networks[0] if isinstance(networks[0], GraderNet) else None

    def prepare(self, images):
        return Prepared(self, images)

    def sample(self, images, count, generator):
        """Probabilities [B,count,H,W] of images [B,1,H,W]."""
        return self.prepare(images).sample(count, generator)

    def masks(self, probabilities):
        """The masks, bool [B,N,H,W], that probabilities are cut to."""
        return hard(probabilities, self.smallest)
