"""The three objectives. All of them take logits and masks as sums over pixels, means over images and graders."""

import functools
import math

import torch
import torch.nn.functional as F

from measures import largest_parts, without_specks
from modes import mode_directions
from network import centre, drawn, innermost_dropout
from ranks import over_ranks, rand, randint, randn


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
    order = rand(b, slots, generator=generator).argsort(1)[:, :graders].to(masks.device)
    chosen = torch.gather(masks, 1, order[..., None, None].expand(-1, -1, *masks.shape[2:]))  # [B,K,H,W]
    seen = images.repeat_interleave(graders, 0)
    p_mean, p_log_sigma = (t.repeat_interleave(graders, 0) for t in net.prior_of(images))
    q_mean, q_log_sigma = net.posterior_of(seen, chosen.flatten(0, 1)[:, None])
    noise = randn(*q_mean.shape, generator=generator).to(q_mean.device)
    z = (q_mean + torch.exp(q_log_sigma) * noise).view(b, graders, -1)
    ce = cross_entropy(net(images, z), chosen)
    kl = over_ranks(kl_diagonal(q_mean, q_log_sigma, p_mean, p_log_sigma).mean(0))
    paid = kl.clamp(min=free_bits) if free_bits else kl
    return ce + beta * paid.sum(), {"cross_entropy": ce.detach(), "kl": kl.detach()}


def prior_only(net, images, masks, generator=None):
    """The ELBO's KL per axis with everything but the prior held fast: one random grader per image."""
    slot = randint(masks.shape[1], len(masks), generator=generator).to(masks.device)
    with torch.no_grad():
        q = net.posterior_of(images, masks[torch.arange(len(masks), device=masks.device), slot][:, None])
    return kl_diagonal(*q, *net.prior_of(images)).mean(0)


@in_fp32
def multi_sample_nll(logits, masks, presence=None):
    """-log 1/N sum_n p(y_g | z_n), mean over graders and images. logits [B,N,H,W], masks [B,G,H,W].

    log p(y | z) = sum over pixels of y * logit - softplus(logit). With the gate's logit `presence` [B] it is the
    mixture p * that + (1 - p) * [y is empty].
    """
    per_draw = torch.einsum("bghw,bnhw->bgn", masks, logits) - F.softplus(logits).sum((2, 3))[:, None]
    likelihood = torch.logsumexp(per_draw, 2) - math.log(logits.shape[1])
    if presence is not None:
        is_drawn, is_not = F.logsigmoid(presence)[:, None], F.logsigmoid(-presence)[:, None]
        empty = ~masks.flatten(2).any(2)
        likelihood = is_drawn + likelihood
        likelihood = torch.where(empty, torch.logaddexp(likelihood, is_not.expand_as(likelihood)), likelihood)
    return -likelihood.mean()


def soft_distance(a, b, eps=8.0):
    """1 - soft Jaccard, [B,N,K]; a [B,N,H,W], b [B,K,H,W]. eps in pixels, so that empty masks have a gradient."""
    a, b = a.flatten(2), b.flatten(2)
    shared = a @ b.transpose(1, 2)
    return 1 - (shared + eps) / ((a * a).sum(2)[:, :, None] + (b * b).sum(2)[:, None] - shared + eps)


@in_fp32
def energy_distance(logits, masks, eps=8.0, sharpness=1.0, weights=None, presence=None):
    """2 mean d(S,Y) - mean over i != j of d(S_i,S_j): GED^2 without its constant, differentiable.

    GED^2 is of samples cut at one half: the higher the `sharpness` of the sigmoid, the nearer is the objective to it.
    `weights` [G] of the masks, of sum 1 (all alike by default). `presence`: the gate's logit [B]; a sample is then drawn
    with probability p and empty otherwise, which enters as its expectation: no u is drawn, and nothing is cut.
    """
    s, n = torch.sigmoid(sharpness * logits), logits.shape[1]
    d = soft_distance(s, s, eps)
    among = (d.sum((1, 2)) - d.diagonal(dim1=1, dim2=2).sum(1)) / (n * (n - 1))
    across = soft_distance(s, masks, eps).mean(1)  # [B,G]
    if presence is not None:
        p, nothing = torch.sigmoid(presence), torch.zeros_like(s[:, :1])
        empty = soft_distance(nothing, masks, eps)[:, 0]
        across = p[:, None] * across + (1 - p[:, None]) * empty
        among = p * p * among + 2 * p * (1 - p) * soft_distance(s, nothing, eps).mean((1, 2))
    across = across.mean(1) if weights is None else across @ weights
    return (2 * across - among).mean()


@in_fp32
def presence_cross_entropy(presence, masks):
    """Cross entropy of the gate's logit [B] against the share k/G of the masks [B,G,H,W] that are not empty, nats."""
    return F.binary_cross_entropy_with_logits(presence, masks.flatten(2).any(2).float().mean(1))


def antithetic(generator=None, device="cpu"):
    """Standard normals [b,n,...] in pairs of opposite sign along n."""

    def normal(b, n, *shape):
        half = randn(b, n // 2, *shape, generator=generator)
        return torch.cat([half, -half], 1).to(device)

    return normal


def dropped(p, generator=None):
    """Dropout of share `p` from a generator of one's own, so that a resumed run drops the same."""

    def drop(x):
        return x * (rand(*x.shape, generator=generator) >= p).to(x.device) / (1 - p)

    return drop


def prior_draws(
    net, images, draws, generator=None, pixel_noise=False, decode=None, fields=True, dropout=0.0, presence_dropout=0.0
):
    """(logits [B,draws,h,w] of antithetic draws from the prior, the head's parts); `decode`: the centre of so many pixels.

    `fields` False leaves the local fields out, as the multi-sample likelihood does while it has its pixel noise.
    `dropout` at the inputs of the U-Net's innermost blocks, in training alone.
    """
    normal = antithetic(generator, images.device)
    p_mean, p_log_sigma = net.prior_of(images)
    z = p_mean[:, None] + torch.exp(p_log_sigma)[:, None] * normal(len(images), draws, net.latent)
    inner = innermost_dropout(dropout, len(net.architecture["channels"]), generator) if dropout else None
    drop = dropped(presence_dropout, generator) if presence_dropout else None
    parts, size = net.encode(images, inner, drop), images.shape[-1]
    if decode and decode < size:
        size = decode
        parts = {k: v if v.ndim == 1 else centre(v, size) for k, v in parts.items()}
    waves = net.draw_fields(normal, len(images), draws, size) if fields else None
    noise = None
    if pixel_noise and net.diagonal is not None:
        noise = randn(len(images), draws, size, size, generator=generator).to(images.device)
    shift = normal(len(images), draws, 2) if net.shift else None
    return net.decode(parts, z, waves, noise, shift), parts


@torch.no_grad()
def flip_average(net, images, draws, smallest=6, generator=None, decode=None):
    """Masks [B,2 draws,H,W] of 0 and 1: `draws` of each image and `draws` of its mirror image, mirrored back.

    `decode`: the centre of so many pixels alone.

    The mixture of both is a better answer than either (-.007 of GED^2 on val): what a student is to learn in one pass.
    Parts under `smallest` pixels are left out, so that it learns no specks.
    """
    found = []
    for flip in (False, True):
        seen = images.flip(-1) if flip else images
        seen = seen.contiguous(memory_format=torch.channels_last)
        logits, parts = prior_draws(net, seen, draws, generator, decode=decode)
        masks = without_specks((logits > 0).flatten(0, 1).cpu().numpy(), smallest)
        masks = torch.from_numpy(masks).to(images.device).view(logits.shape)
        if net.presence is not None:
            u = randn(*logits.shape[:2], generator=generator).to(images.device)
            masks = masks & drawn(parts["presence"], u)[..., None, None]
        found.append(masks.flip(-1) if flip else masks)
    return torch.cat(found, 1).float()


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
    two = rand(b, n, modes, generator=generator).argsort(2) < 2
    places = ((2 * rand(b, n, modes, generator=generator) - 1) * reach * two).to(device)
    return net.decode(parts, mean[:, None] + torch.exp(log_sigma)[:, None] * (places @ directions))


def shares(masks, labels, share):
    """Weights [G + T] of graders' masks [B,G,H,W] and a teacher's [B,T,H,W]: `share` of the whole is the teacher's."""
    g, t = masks.shape[1], labels.shape[1]
    return torch.cat([torch.full((g,), (1 - share) / g), torch.full((t,), share / t)]).to(masks.device)


def given_drawn(masks, generator=None):
    """Masks [B,G,H,W], each empty one replaced by one at random of the same image that is not; none is where all are empty.

    What is learnt from them is how an outline looks given that there is one. Whether there is one is the gate's to say:
    a head that leaves samples empty by itself adds chance to what the gate knows.
    """
    has = masks.flatten(2).any(2)
    b, slots = has.shape
    odds = (1 - rand(b, slots, slots, generator=generator)).to(masks.device) * has[:, None]
    place = torch.where(has, torch.arange(slots, device=masks.device), odds.argmax(2))
    return torch.gather(masks, 1, place[..., None, None].expand(masks.shape))


def loss_of(net, images, masks, stage, generator=None, teacher=None, labels=None):
    """(loss, figures to log) of one batch under a stage of a config.

    What stands beside the graders in the energy distance: a `teacher`'s answers to these very images where the stage
    distils one, or `labels` [B,T,H,W] made before by teachers who had not seen the patients.
    """
    if stage["objective"] == "elbo":
        kept = {k: stage[k] for k in ("beta", "free_bits", "graders") if k in stage}
        return elbo(net, images, masks, generator, **kept)
    if stage["objective"] == "prior":
        kl = prior_only(net, images, masks, generator)
        return kl.sum(), {"kl": kl.detach()}
    if stage["objective"] == "presence":
        with torch.no_grad():
            features, deepest = net.unet.both(images)
        logit = net.presence(images, deepest, features, dropped(stage.get("presence_dropout", 0.0), generator))
        ce = presence_cross_entropy(logit, masks)
        return ce, {"presence": ce.detach()}
    kept = ("pixel_noise", "decode", "fields", "dropout", "presence_dropout")
    kept = {k: stage[k] for k in kept if k in stage}
    if "fields_off" in stage and rand(generator=generator) < stage["fields_off"]:
        kept["fields"] = False  # z must then tell by itself how graders differ, so that more of its modes live
    logits, parts = prior_draws(net, images, stage["draws"], generator, **kept)
    masks = centre(masks, logits.shape[-1])
    gate, outlines = parts.get("presence"), masks
    mixed = gate  # into what draws are held against: the mixture with empty samples
    if stage.get("given_drawn"):
        mixed, outlines = None, given_drawn(masks, generator)
    nll = multi_sample_nll(logits, outlines, mixed)
    if stage["objective"] == "nll":
        return nll, {"nll": nll.detach()}
    targets, weights = outlines, None
    if "distil" in stage:
        labels = flip_average(teacher, images, stage["distil"]["draws"], generator=generator, decode=stage.get("decode"))
    if labels is not None:
        share = stage["distil" if "distil" in stage else "labels"]["share"]
        labels = centre(labels, logits.shape[-1])
        labels = given_drawn(labels, generator) if stage.get("given_drawn") else labels
        targets, weights = torch.cat([outlines, labels], 1), shares(outlines, labels, share)
    distance = energy_distance(logits, targets, stage.get("eps", 8.0), stage.get("sharpness", 1.0), weights, mixed)
    loss, shown = distance + stage.get("nll_weight", 5e-4) * nll, {"nll": nll.detach(), "energy": distance.detach()}
    if gate is not None:
        ce = presence_cross_entropy(gate, masks)
        loss, shown = loss + stage.get("presence_weight", 0.1) * ce, shown | {"presence": ce.detach()}
    if "outside_weight" in stage:
        outside = outside_envelope(parts["top"], masks)
        loss, shown = loss + stage["outside_weight"] * outside, shown | {"outside": outside.detach()}
    if "broken_weight" in stage:
        broken = brokenness(logits)
        by_slider = brokenness(slider_draws(net, images, parts, generator=generator))
        loss = loss + stage["broken_weight"] * (broken + by_slider)
        shown = shown | {"broken": broken.detach(), "broken_by_slider": by_slider.detach()}
    return loss, shown
