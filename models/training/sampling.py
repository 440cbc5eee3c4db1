"""Drawing samples from the prior: the same for training's measurements, the evaluation and the export."""

from dataclasses import dataclass

import torch

from network import drawn


@dataclass
class Normals:
    """The standard normals of a batch's samples, all that is random about them."""

    epsilon: torch.Tensor  # [B,N,L]: z = mean + sigma * epsilon
    fields: list | None = None  # one [B,N,h,w] per spacing; None: off
    shift: torch.Tensor | None = None  # [B,N,2], x and y; None: not shifted
    u: torch.Tensor | None = None  # [B,N], the gate's; None: 0, as at the prior mean

    def of(self, index):
        """Those of some of the images."""
        fields = None if self.fields is None else [f[index] for f in self.fields]
        return Normals(self.epsilon[index], fields, *(None if t is None else t[index] for t in (self.shift, self.u)))


def draw_normals(net, b, count, size, generator=None):
    """Normals of `count` samples of `b` images of `size` pixels.

    Shift and gate come after z and fields, so that a model with them and the same one without are asked with the same z.
    """

    def normal(*shape):
        return torch.randn(*shape, generator=generator)

    epsilon, fields = normal(b, count, net.latent), net.draw_fields(normal, b, count, size)
    shift = normal(b, count, 2) if net.shift else None
    return Normals(epsilon, fields, shift, normal(b, count) if net.presence is not None else None)


@torch.no_grad()
def encode(net, images):
    """What an image [B,1,H,W] is encoded to, once for all samples: (the head's parts, prior mean, prior log sigma)."""
    return net.encode(images), *net.prior_of(images)


@torch.no_grad()
def probabilities(net, encoding, normals):
    """Probabilities [B,N,H,W] of the given normals; 0 everywhere where the gate says that nothing is drawn."""
    parts, mean, log_sigma = encoding
    device = mean.device
    z = mean[:, None] + torch.exp(log_sigma)[:, None] * normals.epsilon.to(device)
    fields = None if normals.fields is None else [f.to(device) for f in normals.fields]
    shift = None if normals.shift is None else normals.shift.to(device)
    found = torch.sigmoid(net.decode(parts, z, fields, shift=shift))
    if net.presence is None:
        return found
    u = torch.zeros(z.shape[:2]) if normals.u is None else normals.u
    return found * drawn(parts["presence"], u.to(device))[..., None, None]


def sample(net, images, count, generator=None):
    """Probabilities [B,count,H,W] of draws from the prior; images [B,1,H,W] on any device."""
    normals = draw_normals(net, len(images), count, images.shape[-1], generator)
    return probabilities(net, encode(net, images.to(next(net.parameters()).device)), normals)


def from_normals(net, images, epsilon, fields=None, shift=None, u=None):
    """Probabilities [B,N,H,W] of images under given standard normals (`Normals`)."""
    return probabilities(net, encode(net, images), Normals(epsilon, fields, shift, u))
