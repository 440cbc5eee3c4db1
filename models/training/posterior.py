"""The grader's posterior where there is no posterior net: the head is linear in z, so this is a logistic regression.

MAP of log p(y | z) + log N(z; 0, I) by damped Newton steps under the envelope, fields at 0; Laplace covariance.
"""

import torch
import torch.nn.functional as F


def _terms(parts, z):
    """Logits [B,HW] and the slope of each in its linear part, [B,HW]."""
    linear = parts["base"].flatten(1) + torch.einsum("bl,blp->bp", z, parts["factor"].flatten(2))
    if "top" not in parts:
        return linear, torch.ones_like(linear)
    gap = parts["top"].flatten(1) - linear
    return parts["top"].flatten(1) - F.softplus(gap), torch.sigmoid(gap)


def _loss(parts, z, y):
    logits, _ = _terms(parts, z)
    return F.binary_cross_entropy_with_logits(logits, y, reduction="none").sum(1) + 0.5 * (z * z).sum(1)


@torch.no_grad()
def newton_posterior(parts, masks, steps=12):
    """(mean [B,L], log sigma [B,L]): MAP and the marginals of the Laplace covariance. masks [B,1,H,W].

    The Hessian is Gauss-Newton's (the envelope's curvature left out), so every step goes downhill once it is halved
    often enough.
    """
    factor, y = parts["factor"].flatten(2), masks.flatten(1)
    z = factor.new_zeros(factor.shape[:2])
    identity = torch.eye(z.shape[1], device=z.device)
    for _ in range(steps + 1):
        logits, slope = _terms(parts, z)
        p = torch.sigmoid(logits)
        gradient = torch.einsum("bp,blp->bl", (p - y) * slope, factor) + z
        hessian = torch.einsum("bkp,blp->bkl", factor * (p * (1 - p) * slope**2)[:, None], factor) + identity
        move = torch.linalg.solve(hessian, gradient)
        before, size = _loss(parts, z, y), torch.ones(len(z), 1, device=z.device)
        for _ in range(12):
            worse = _loss(parts, z - size * move, y) > before
            size = torch.where(worse[:, None], size / 2, size)
        worse = _loss(parts, z - size * move, y) > before
        z = torch.where(worse[:, None], z, z - size * move)
    return z, 0.5 * torch.log(torch.linalg.inv(hessian).diagonal(dim1=1, dim2=2))
