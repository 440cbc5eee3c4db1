"""The grader's posterior where there is no posterior net: the head is linear in z and in the fields' nodes f, so this is
a logistic regression on both.

Laplace's approximation (MacKay 2003, chapter 27): the mode of log p(y | z, f) + log N(z; 0, I) + log N(f; 0, I) by damped
Newton steps under the envelope, and Gauss-Newton's precision there (the envelope's own curvature left out),

    H = I + X' W X = [C B; B' A],   C [N,N] of the fields, A [L,L] of z.

Of z that is N(mode, S^-1), the fields integrated out: S = A - B' C^-1 B. KL(q(z, f) | p) = KL(q(z) | N(0, I)) + E KL(q(f | z)
| N(0, I)); the second part is `nats` = (tr S_ff + |f|^2 - N + log det C) / 2, S_ff the block of H^-1.

A shift of the head is taken to be 0. With a gate (`presence` among the parts) who drew nothing is taken to have had it
shut: then z and f stay as the prior has them, and u is the median of those that shut it. The page's
src/core/network/posterior is the same; a golden posterior holds the two together.
"""

from typing import NamedTuple

import torch
import torch.nn.functional as F

LEAST_WEIGHT, LEAST_STRENGTH = 1e-6, 1e-4  # a pixel, and a node, that say nothing beside the prior's 1


class Posterior(NamedTuple):
    """Of B masks: mean and log sigma of each axis [B,L]; modes of the fields, one [B,h,w] per spacing; the fields' nats
    [B]; u of the gate [B], infinite where it was open."""

    mean: torch.Tensor
    log_sigma: torch.Tensor
    fields: list
    nats: torch.Tensor
    u: torch.Tensor


def _weights(pixels, nodes):
    """Bilinear shares [pixels,nodes] of a side, as the decoder's upsampling has them."""
    wave = F.interpolate(torch.eye(nodes)[:, None], size=pixels, mode="linear", align_corners=False)
    return wave[:, 0].T.double()


class Regression:
    """One mask [H,W] under one image's parts; x = (z [L], f [N]) in float64."""

    def __init__(self, parts, index, mask, spacings=(), scale=1.0):
        def of(name):
            return parts[name][index].detach().double()

        self.mask, self.start, self.factor = mask.double(), of("base")[0], of("factor")
        self.top = of("top")[0] if "top" in parts else None
        self.latent, (height, width) = len(self.factor), self.mask.shape
        self.grids = [(max(1, height // s), max(1, width // s)) for s in spacings]
        self.sides = [(_weights(height, h), _weights(width, w)) for h, w in self.grids]
        self.amplitude = scale * of("amplitude") if spacings else self.factor[:0]
        self.sizes = [h * w for h, w in self.grids]

    def split(self, f):
        return [part.view(grid) for part, grid in zip(f.split(self.sizes), self.grids)]

    def terms(self, x):
        """(loss, logits, slope of each in its linear part), the latter two [H,W]."""
        z, f = x[: self.latent], x[self.latent :]
        linear = self.start + torch.einsum("l,lhw->hw", z, self.factor)
        for a, (down, across), field in zip(self.amplitude, self.sides, self.split(f)):
            linear = linear + a * (down @ field @ across.T)
        logits, slope = linear, torch.ones_like(linear)
        if self.top is not None:
            gap = self.top - linear
            logits, slope = self.top - F.softplus(gap), torch.sigmoid(gap)
        loss = F.binary_cross_entropy_with_logits(logits, self.mask, reduction="sum") + 0.5 * (x @ x)
        return loss, logits, slope

    def pulled(self, maps, square=False):
        """What a map [H,W] says of each column: X' maps, or of the columns' squares."""
        power = 2 if square else 1
        found = [torch.einsum("lhw,hw->l", self.factor**power, maps)]
        for a, (down, across) in zip(self.amplitude, self.sides):
            found.append(((down**power).T @ (maps * a**power) @ across**power).flatten())
        return torch.cat(found)

    def curvature(self, weights):
        """(Cholesky factor of H with the fields first, the nodes inside it, X' W X of each column alone)."""
        strength = self.pulled(weights, square=True)
        inside = (strength[self.latent :] >= LEAST_STRENGTH).nonzero()[:, 0]
        y, x = (weights >= LEAST_WEIGHT).nonzero(as_tuple=True)
        columns, first = [], 0
        for a, (down, across), (h, w) in zip(self.amplitude, self.sides, self.grids):
            mine = inside[(inside >= first) & (inside < first + h * w)] - first
            columns.append(down[y][:, mine // w] * across[x][:, mine % w] * a[y, x][:, None])
            first += h * w
        design = torch.cat([*columns, self.factor[:, y, x].T], 1)
        precision = design.T @ (design * weights[y, x][:, None]) + torch.eye(design.shape[1], dtype=torch.float64)
        return torch.linalg.cholesky(precision), inside, strength

    def newton(self, gradient, lower, inside, strength):
        """H^-1 gradient; nodes outside the factor by themselves."""
        latent, move = self.latent, gradient / (1 + strength)
        right = torch.cat([gradient[latent:][inside], gradient[:latent]])
        found = torch.cholesky_solve(right[:, None], lower)[:, 0]
        move[latent + inside], move[:latent] = found[: len(inside)], found[len(inside) :]
        return move

    def at(self, x):
        """(loss, gradient [L+N], Gauss-Newton's weights [H,W], those of the steps [H,W])

        A step's weights have the envelope's curvature as well, where that leaves them positive, else 0.
        """
        loss, logits, slope = self.terms(x)
        p = torch.sigmoid(logits)
        weights = p * (1 - p) * slope**2
        bent = (weights + (self.mask - p) * slope * (1 - slope)).clamp(min=0)
        return loss, self.pulled((p - self.mask) * slope) + x, weights, bent

    def solve(self, steps):
        """(mode [L+N], variances of z [L], nats of the fields)"""
        x = torch.zeros(self.latent + sum(self.sizes), dtype=torch.float64)
        loss, gradient, weights, bent = self.at(x)
        for _ in range(steps):
            move = self.newton(gradient, *self.curvature(bent))
            sizes = (0.5**halving for halving in range(13))
            nearer = next((n for n in (x - size * move for size in sizes) if self.terms(n)[0] < loss), None)
            if nearer is None:
                break
            before, x = loss, nearer
            loss, gradient, weights, bent = self.at(x)
            if before - loss <= 1e-8 * before:
                break
        lower, inside, _ = self.curvature(weights)
        n, f = len(inside), x[self.latent :]
        spread = torch.cholesky_inverse(lower).diagonal()
        log_det = 2 * lower.diagonal()[:n].log().sum()
        return x, spread[n:], 0.5 * ((spread[:n] - 1).sum() + f @ f + log_det)


@torch.no_grad()
def newton_posterior(parts, masks, spacings=(), scale=1.0, steps=50):
    """Posterior of masks [B,1,H,W] under a head without comb; parts as `GraderNet.encode` gives them. On the CPU."""
    parts, like = {name: part.cpu() for name, part in parts.items()}, parts["base"]
    found = []
    for index, mask in enumerate(masks[:, 0].cpu()):
        problem = Regression(parts, index, mask, spacings, scale)
        if "presence" in parts and not mask.any():
            zeros = torch.zeros(problem.latent + sum(problem.sizes), dtype=torch.float64)
            drawn = parts["presence"][index].double().sigmoid()
            u = torch.special.ndtri((1 - drawn) / 2)
            found.append((problem, zeros, torch.ones(problem.latent, dtype=torch.float64), torch.zeros(()), u))
        else:
            found.append((problem, *problem.solve(steps), torch.tensor(torch.inf)))
    problems, x, variances, nats, u = zip(*found)
    latent = problems[0].latent
    fields = zip(*(problem.split(one[latent:]) for problem, one in zip(problems, x)))
    stacked = [torch.stack(grids).to(like) for grids in fields]
    mean, log_sigma = torch.stack([one[:latent] for one in x]), 0.5 * torch.stack(variances).log()
    return Posterior(mean.to(like), log_sigma.to(like), stacked, torch.stack(nats).to(like), torch.stack(u).to(like))
