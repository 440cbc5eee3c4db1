"""The modes of a case: singular vectors of what z does to its logits (definitions: README)."""

import torch


def jacobian(net, parts, mean, sigma):
    """Change of the logits per prior sigma of each axis, at the prior mean: (logits [B,H,W], [B,L,H,W])."""
    found, axes = [], torch.eye(net.latent, device=mean.device)
    for axis in axes:
        step = (sigma * axis)[:, None]
        logits, change = torch.func.jvp(lambda z: net.decode(parts, z), (mean[:, None],), (step,))
        found.append(change[:, 0])
    return logits[:, 0], torch.stack(found, 1)


@torch.no_grad()
def mode_directions(net, parts, mean, sigma):
    """Right singular vectors [B,L,L] (rows: modes, strongest first), pixels weighted by sqrt(p (1 - p) + .001)."""
    logits, change = jacobian(net, parts, mean, sigma)
    p = torch.sigmoid(logits)
    weighted = (change * (p * (1 - p) + 0.001).sqrt()[:, None]).flatten(2).double()
    _, vectors = torch.linalg.eigh(weighted @ weighted.transpose(1, 2))
    return vectors.flip(2).transpose(1, 2).float()
