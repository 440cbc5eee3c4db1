"""Drawing samples from the prior: the same for training's measurements, the evaluation and the export."""

import torch


@torch.no_grad()
def sample(net, images, count, generator=None):
    """Probabilities [B,count,H,W] of draws from the prior; images [B,1,H,W] on any device."""
    device = next(net.parameters()).device

    def normal(*shape):
        return torch.randn(*shape, generator=generator)

    epsilon = normal(len(images), count, net.latent)
    fields = net.draw_fields(normal, len(images), count, images.shape[-1])
    return from_normals(net, images.to(device), epsilon, fields)


@torch.no_grad()
def from_normals(net, images, epsilon, fields=None):
    """Probabilities [B,N,H,W] of given standard normals [B,N,L] and fields; z = mean + sigma * epsilon."""
    device = images.device
    mean, log_sigma = net.prior_of(images)
    z = mean[:, None] + torch.exp(log_sigma)[:, None] * epsilon.to(device)
    fields = None if fields is None else [f.to(device) for f in fields]
    return torch.sigmoid(net.decode(net.parts(net.unet(images)), z, fields))
