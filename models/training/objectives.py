"""The three objectives. All of them take logits and masks as sums over pixels, means over images and graders."""

import functools
import math

import torch
import torch.nn.functional as F

from measures import largest_parts
from modes import mode_directions
from network import innermost_dropout


def in_fp32(objective):
    """Leaves autocast: a sum over 16,384 pixels kept in bf16 has a resolution of whole nats."""

    @functools.wraps(objective)
    def wrapped(*tensors, **more):
        with torch.autocast(tensors[0].device.type, enabled=False):
            return objective(*(t.float() if torch.is_tensor(t) else t for t in tensors), **more)

    return wrapped


@in_fp32
def kl_diagonal(q_mean, q_log_sigma, p_mean, p_log_sigma):
    """KL(Q||P) of diagonal Gaussians per axis, nats; log sigma is the log of the standard deviation."""
    ratio = torch.exp(2 * (q_log_sigma - p_log_sigma))
    distance = ((q_mean - p_mean) * torch.exp(-p_log_sigma)) ** 2
    return p_log_sigma - q_log_sigma + 0.5 * (ratio + distance - 1)


@in_fp32
def cross_entropy(logits, masks):
    """Cross entropy summed over pixels, mean over everything before the last two axes."""
    return F.binary_cross_entropy_with_logits(logits, masks, reduction="none").sum((-2, -1)).mean()


def elbo(net, images, masks, generator=None, beta=1.0, free_bits=0.0, graders=1):
    """The paper's loss: cross entropy of a posterior draw + beta KL. masks [B,G,H,W]; `graders` at random per image.

    Returns (loss, {cross_entropy, kl [L]}). Free bits: an axis costs at least so many nats (mean over the batch).
    """
    b, slots = masks.shape[:2]
    order = torch.rand(b, slots, generator=generator).argsort(1)[:, :graders].to(masks.device)
    chosen = torch.gather(masks, 1, order[..., None, None].expand(-1, -1, *masks.shape[2:]))  # [B,K,H,W]
    seen = images.repeat_interleave(graders, 0)
    p_mean, p_log_sigma = (t.repeat_interleave(graders, 0) for t in net.prior_of(images))
    q_mean, q_log_sigma = net.posterior_of(seen, chosen.flatten(0, 1)[:, None])
    noise = torch.randn(q_mean.shape, generator=generator).to(q_mean.device)
    z = (q_mean + torch.exp(q_log_sigma) * noise).view(b, graders, -1)
    ce = cross_entropy(net(images, z), chosen)
    kl = kl_diagonal(q_mean, q_log_sigma, p_mean, p_log_sigma).mean(0)
    paid = kl.clamp(min=free_bits) if free_bits else kl
    return ce + beta * paid.sum(), {"cross_entropy": ce.detach(), "kl": kl.detach()}


def prior_only(net, images, masks, generator=None):
    """The ELBO's KL per axis with everything but the prior held fast: one random grader per image."""
    slot = torch.randint(masks.shape[1], (len(masks),), generator=generator).to(masks.device)
    with torch.no_grad():
        q = net.posterior_of(images, masks[torch.arange(len(masks), device=masks.device), slot][:, None])
    return kl_diagonal(*q, *net.prior_of(images)).mean(0)


@in_fp32
def multi_sample_nll(logits, masks):
    """-log 1/N sum_n p(y_g | z_n), mean over graders and images. logits [B,N,H,W], masks [B,G,H,W].

    log p(y | z) = sum over pixels of y * logit - softplus(logit).
    """
    per_draw = torch.einsum("bghw,bnhw->bgn", masks, logits) - F.softplus(logits).sum((2, 3))[:, None]
    return -(torch.logsumexp(per_draw, 2) - math.log(logits.shape[1])).mean()


def soft_distance(a, b, eps=8.0):
    """1 - soft Jaccard, [B,N,K]; a [B,N,H,W], b [B,K,H,W]. eps in pixels, so that empty masks have a gradient."""
    a, b = a.flatten(2), b.flatten(2)
    shared = a @ b.transpose(1, 2)
    return 1 - (shared + eps) / ((a * a).sum(2)[:, :, None] + (b * b).sum(2)[:, None] - shared + eps)


@in_fp32
def energy_distance(logits, masks, eps=8.0, sharpness=1.0):
    """2 mean d(S,Y) - mean over i != j of d(S_i,S_j): GED^2 without its constant, differentiable.

    GED^2 is of samples cut at one half: the higher the `sharpness` of the sigmoid, the nearer is the objective to it.
    """
    p, n = torch.sigmoid(sharpness * logits), logits.shape[1]
    d = soft_distance(p, p, eps)
    among = (d.sum((1, 2)) - d.diagonal(dim1=1, dim2=2).sum(1)) / (n * (n - 1))
    return (2 * soft_distance(p, masks, eps).mean((1, 2)) - among).mean()


def antithetic(generator=None, device="cpu"):
    """Standard normals [b,n,...] in pairs of opposite sign along n."""

    def normal(b, n, *shape):
        half = torch.randn(b, n // 2, *shape, generator=generator)
        return torch.cat([half, -half], 1).to(device)

    return normal


def prior_draws(net, images, draws, generator=None, pixel_noise=False, decode=None, fields=True, dropout=0.0):
    """(logits [B,draws,h,w] of antithetic draws from the prior, the head's parts); `decode`: the centre of so many pixels.

    `fields` False leaves the local fields out, as the multi-sample likelihood does while it has its pixel noise.
    `dropout` at the inputs of the U-Net's innermost blocks, in training alone.
    """
    normal = antithetic(generator, images.device)
    p_mean, p_log_sigma = net.prior_of(images)
    z = p_mean[:, None] + torch.exp(p_log_sigma)[:, None] * normal(len(images), draws, net.latent)
    inner = innermost_dropout(dropout, len(net.architecture["channels"]), generator) if dropout else None
    parts, size = net.parts(net.unet(images, inner)), images.shape[-1]
    if decode and decode < size:
        first = (size - decode) // 2
        size = decode
        parts = {k: v[..., first : first + size, first : first + size] for k, v in parts.items()}
    waves = net.draw_fields(normal, len(images), draws, size) if fields else None
    noise = None
    if pixel_noise and net.diagonal is not None:
        noise = torch.randn(len(images), draws, size, size, generator=generator).to(images.device)
    return net.decode(parts, z, waves, noise), parts


@in_fp32
def outside_envelope(top, masks, reach=8, ceiling=-2.0):
    """How far the envelope `top` [B,1,H,W] stands above `ceiling` where no grader marked within `reach` pixels.

    Mean over those pixels of softplus(top - ceiling). The energy distance sees only what its draws mark; this also
    holds the sliders' ends, at 3 and 4 sigma, off the chest wall and the vessels.
    """
    near = F.max_pool2d(masks.amax(1, keepdim=True), 2 * reach + 1, stride=1, padding=reach)
    return (F.softplus(top - ceiling) * (1 - near)).mean()


def closing(masks, reach):
    """Morphological closing of masks [B,N,H,W] of 0 and 1: dilation and erosion by a square of 2 reach + 1 pixels."""
    side = 2 * reach + 1

    def widest(x):  # along one axis, then along the other: a third of the work
        return F.max_pool2d(F.max_pool2d(x, (side, 1), 1, (reach, 0)), (1, side), 1, (0, reach))

    inner = slice(reach, -reach)  # widened, so that an outline at the edge is not drawn out to it
    return -widest(-widest(F.pad(masks, (reach,) * 4)))[..., inner, inner]


@in_fp32
def brokenness(logits, reach=3, eps=8.0, tolerance=0.05):
    """What makes an outline one that a reader would doubt, as a share of its area, [B,N,H,W] -> mean over B and N.

    Pixels marked apart from the largest part pay their probability; pixels in a gap of that part (what a closing
    fills, and holes) pay what their probability lacks. Which pixels these are is taken as given: the gradient closes a
    crescent and lets fragments fade. `eps` pixels are added to the area, so that a speck does not weigh like a lesion.
    An outline with no more than `tolerance` of such pixels pays nothing, as nine in ten of graders' outlines have no
    more: a border may waver, and where it must not one outline lies within the other.
    """

    def largest_of(masks):
        found = largest_parts(masks.flatten(0, 1).cpu().numpy())
        return torch.from_numpy(found).to(masks.device).view_as(masks)

    marked = (logits > 0).detach()
    largest = largest_of(marked)
    filled = ~largest_of(closing(largest.float(), reach) == 0)  # all but the surroundings
    gaps = filled & ~marked
    p = torch.sigmoid(logits)
    strays, area = marked & ~largest, marked.sum((2, 3)) + eps
    pays = (strays | gaps).sum((2, 3)) > tolerance * area
    return ((p * strays + (1 - p) * gaps).sum((2, 3)) / area * pays).mean()


def slider_draws(net, images, parts, draws=4, modes=4, reach=4.0, generator=None):
    """Logits [B,draws,H,W] of what the sliders can reach: two of a case's strongest modes, each within +-reach sigma.

    Draws from the prior seldom go there; a hand on the latent plane does at once. Fields off, as in the plane.
    """
    device, (b, n) = images.device, (len(images), draws)
    with torch.no_grad(), torch.autocast(device.type, enabled=False):
        mean, log_sigma = (t.float() for t in net.prior_of(images))
        fixed = {name: part.detach().float() for name, part in parts.items()}
        directions = mode_directions(net, fixed, mean, torch.exp(log_sigma))[:, :modes]
    two = torch.rand(b, n, modes, generator=generator).argsort(2) < 2
    places = ((2 * torch.rand(b, n, modes, generator=generator) - 1) * reach * two).to(device)
    return net.decode(parts, mean[:, None] + torch.exp(log_sigma)[:, None] * (places @ directions))


def centre(masks, size):
    """The centre size x size of [...,H,W]."""
    first = (masks.shape[-1] - size) // 2
    return masks[..., first : first + size, first : first + size]


def loss_of(net, images, masks, stage, generator=None):
    """(loss, figures to log) of one batch under a stage of a config."""
    if stage["objective"] == "elbo":
        kept = {k: stage[k] for k in ("beta", "free_bits", "graders") if k in stage}
        return elbo(net, images, masks, generator, **kept)
    if stage["objective"] == "prior":
        kl = prior_only(net, images, masks, generator)
        return kl.sum(), {"kl": kl.detach()}
    kept = {k: stage[k] for k in ("pixel_noise", "decode", "fields", "dropout") if k in stage}
    if "fields_off" in stage and torch.rand((), generator=generator) < stage["fields_off"]:
        kept["fields"] = False  # z must then tell by itself how graders differ, so that more of its modes live
    logits, parts = prior_draws(net, images, stage["draws"], generator, **kept)
    masks = centre(masks, logits.shape[-1])
    nll = multi_sample_nll(logits, masks)
    if stage["objective"] == "nll":
        return nll, {"nll": nll.detach()}
    distance = energy_distance(logits, masks, stage.get("eps", 8.0), stage.get("sharpness", 1.0))
    loss, shown = distance + stage.get("nll_weight", 5e-4) * nll, {"nll": nll.detach(), "energy": distance.detach()}
    if "outside_weight" in stage:
        outside = outside_envelope(parts["top"], masks)
        loss, shown = loss + stage["outside_weight"] * outside, shown | {"outside": outside.detach()}
    if "broken_weight" in stage:
        broken = brokenness(logits)
        by_slider = brokenness(slider_draws(net, images, parts, generator=generator))
        loss = loss + stage["broken_weight"] * (broken + by_slider)
        shown = shown | {"broken": broken.detach(), "broken_by_slider": by_slider.detach()}
    return loss, shown
