"""The networks: the paper's Probabilistic U-Net and the general head that goes past it.

Names of modules are the names in the exported file and a contract with its readers: change none of them.
One form covers all of it (each part may be absent):

    logits(z) = comb([features, z]) or mean(features)
              + factor . z + sum_s amplitude_s * fieldScale * upsample(field_s),   held under top - softplus(top - logits)

and then, where the config has them, the whole map is read `shift` pixels off (`shifted`), and a gate decides by a
scalar logit of the image alone whether there is an outline at all (`drawn`). z says how, the gate's u says whether.
"""

import torch
import torch.nn as nn
import torch.nn.functional as F

from ranks import rand


def block(inputs, outputs, convs=3):
    """Three 3x3 convolutions (or so many), each with its ReLU: parameters at 0, 2 and 4."""
    widths = (inputs, *[outputs] * (convs - 1))[:convs]
    return nn.Sequential(*[m for w in widths for m in (nn.Conv2d(w, outputs, 3, padding=1), nn.ReLU(inplace=True))])


class UNet(nn.Module):
    """[B,inputs,H,W] -> features [B,widths[0],H,W]; H and W divisible by 2 per level below. No final 1x1 inside."""

    def __init__(self, widths, inputs=1, align_corners=True):
        super().__init__()
        self.align_corners = align_corners
        self.down = nn.ModuleList(block(i, o) for i, o in zip((inputs, *widths[:-1]), widths))
        self.up = nn.ModuleList(block(widths[k + 1] + widths[k], widths[k]) for k in range(len(widths) - 1))

    def forward(self, x, inner=None):
        return self.both(x, inner)[0]

    def both(self, x, inner=None):
        """(features [B,widths[0],H,W], what the innermost block gives on the way down [B,widths[-1],H/8,W/8])."""
        skips = []
        for k, down in enumerate(self.down):
            x = F.avg_pool2d(x, 2) if k else x
            x = down(inner(k, x) if inner else x)
            skips.append(x)
        deepest = x
        for k in reversed(range(len(self.up))):
            x = F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=self.align_corners)
            x = torch.cat([skips[k], x], 1)
            x = self.up[k](inner(-1 - k, x) if inner else x)
        return x, deepest


def innermost_dropout(p, depth, generator=None):
    """What a U-Net of `depth` levels applies at its blocks' inputs: dropout at the innermost three on each way.

    `down` blocks count 0, 1, ..., `up` blocks -1, -2, ...
    """
    inner = set(range(depth - 3, depth)) | {-1 - k for k in range(depth - 4, depth - 1)}

    def drop(block, x):
        if block not in inner:
            return x
        kept = (rand(*x.shape, generator=generator) >= p).to(x.device)
        return x * kept / (1 - p)

    return drop


class Encoder(nn.Module):
    """[B,inputs,H,W] -> (mean, log of the standard deviation), both [B,latent]."""

    def __init__(self, widths, latent, inputs):
        super().__init__()
        self.down = nn.ModuleList(block(i, o) for i, o in zip((inputs, *widths[:-1]), widths))
        self.head = nn.Conv2d(widths[-1], 2 * latent, 1)

    def forward(self, x):
        for k, down in enumerate(self.down):
            x = down(F.avg_pool2d(x, 2) if k else x)
        return self.head(x.mean((2, 3), keepdim=True)).flatten(1).chunk(2, 1)


def levels(net):
    """The blocks of an encoder {channels, convs} of an image of one channel."""
    sizes = zip((1, *net["channels"][:-1]), net["channels"], net["convs"], strict=True)
    return [block(inputs, outputs, convs) for inputs, outputs, convs in sizes]


class Presence(nn.Sequential):
    """The gate's branch: an image and the U-Net's two ends -> logit [B] of the share of readers who would draw.

    Two 1x1 convolutions with a ReLU between them (parameters at 0 and 2) on C + 2c numbers, in this order: the mean of
    the innermost map [B,C,H/8,W/8] over its centre, the mean and the largest of the features [B,c,H,W] over theirs. The
    centre is 32 x 32 pixels, 4 x 4 of the innermost cells, from row (size - centre) // 2 on; every one of these cells
    sees the whole region already. With means over the whole region as well it carried over worse to new patients, and
    from the innermost map alone much worse (README, "The gate").

    `nets`, each {channels, convs}: small encoders of its own that look at the image (a level is so many 3x3 convolutions
    with their ReLUs, none: the image as it is; each level but the first has its input halved). Each tells 3 numbers more
    a channel of its last map: mean and largest over the centre, mean over all of it. It sees the image and its three
    mirror images, and the numbers are the mean of the four: what it says of one alone is worse by a tenth of what can be
    known (README, "The gate").
    """

    CENTRE, HIDDEN = 32, 32

    def __init__(self, innermost, features, nets=()):
        inputs = innermost + 2 * features + 3 * sum(net["channels"][-1] for net in nets)
        super().__init__(nn.Conv2d(inputs, self.HIDDEN, 1), nn.ReLU(), nn.Conv2d(self.HIDDEN, 1, 1))
        self.own = nn.ModuleList(nn.ModuleList(levels(net)) for net in nets)

    def numbers(self, image, deepest, features):
        """What the two convolutions are told, [B,C + 2c + 3 of the last channels]."""
        inner, outer = centre(deepest, self.CENTRE // 8), centre(features, self.CENTRE)
        told = [inner.mean((2, 3)), outer.mean((2, 3)), outer.amax((2, 3))]
        return torch.cat(told + [number for net in self.own for number in self.seen(net, image)], 1)

    def seen(self, net, image):
        """What one of its encoders tells of an image [B,1,H,W] and its mirror images: three times [B,C]."""
        views = [image, image.flip(-1), image.flip(-2), image.flip(-1, -2)]
        told = zip(*(self.seen_once(net, view) for view in views))
        return [torch.stack(of_views).mean(0) for of_views in told]

    def seen_once(self, net, image):
        for k, level in enumerate(net):
            image = level(F.avg_pool2d(image, 2) if k else image)
        middle = centre(image, self.CENTRE // 2 ** (len(net) - 1))
        return [middle.mean((2, 3)), middle.amax((2, 3)), image.mean((2, 3))]

    def forward(self, image, deepest, features, drop=None):
        """`drop`: what is done to the numbers in training (dropout), nothing else."""
        numbers = self.numbers(image, deepest, features)[..., None, None]
        hidden, relu, last = self[0], self[1], self[2]
        return last(relu(hidden(drop(numbers) if drop else numbers))).flatten()


def centre(maps, size):
    """The centre size x size of [...,H,W], or all of it where it is smaller."""
    top, left = (max(0, (whole - size) // 2) for whole in maps.shape[-2:])
    return maps[..., top : top + size, left : left + size]


def shifted(logits, pixels):
    """Each map of logits [B,N,H,W] moved by its own `pixels` [B,N,2] (x to the right, y downwards).

    out(x, y) = logits at (clamp(x - dx, 0, W - 1), clamp(y - dy, 0, H - 1)), bilinear: a reader's outline that lies
    a little off is the same outline elsewhere, envelope and all.
    """
    (b, n, height, width), (dx, dy) = logits.shape, pixels.to(logits.dtype).flatten(0, 1).unbind(1)
    x = (torch.arange(width, device=logits.device) - dx[:, None]) * 2 / (width - 1) - 1  # -1 and 1: centres of the ends
    y = (torch.arange(height, device=logits.device) - dy[:, None]) * 2 / (height - 1) - 1
    grid = torch.stack([x[:, None].expand(-1, height, -1), y[:, :, None].expand(-1, -1, width)], 3)
    flat = logits.reshape(b * n, 1, height, width)
    return F.grid_sample(flat, grid.to(flat.dtype), padding_mode="border", align_corners=True).view(b, n, height, width)


def drawn(presence, u):
    """Whether the gate lets a sample be: u > -inverse normal CDF(p), which is p > CDF(-u); presence [B], u [B,N]."""
    return torch.sigmoid(presence.double())[:, None] > torch.special.ndtr(-u.double())


class GraderNet(nn.Module):
    """U-Net, prior, posterior and head, as `architecture` (the dict of config.json) asks for.

    `diagonal`: also the per-pixel noise that the multi-sample likelihood uses in training; it is never exported.
    """

    def __init__(self, architecture, diagonal=False):
        super().__init__()
        a, head = architecture, architecture["head"]
        widths, latent = a["channels"], a["latent"]
        if head["factor"] not in (0, latent):
            raise ValueError(f"the factor's rank ({head['factor']}) must be 0 or the latent size ({latent})")
        self.architecture, self.latent = a, latent
        self.spacings, self.field_scale = list(head["fields"]), head["fieldScale"]
        c = widths[0]
        self.unet = UNet(widths, align_corners=a["upsample"] == "bilinear-align-corners")
        self.prior = Encoder(widths, latent, 1) if a["prior"] == "net" else None
        self.posterior = Encoder(widths, latent, 2) if a["posterior"] == "net" else None
        hidden = [m for i in [c + latent] + [c] * (a["combHidden"] - 1) for m in (nn.Conv2d(i, c, 1), nn.ReLU())]
        self.comb = nn.Sequential(*hidden, nn.Conv2d(c, 1, 1)) if head["comb"] else None
        self.mean = None if head["comb"] else nn.Conv2d(c, 1, 1)
        self.factor = nn.Conv2d(c, latent, 1) if head["factor"] else None
        self.amplitude = nn.Conv2d(c, len(self.spacings), 1) if self.spacings else None
        self.envelope = nn.Conv2d(c, 1, 1) if head["envelope"] else None
        self.diagonal = nn.Conv2d(c, 1, 1) if diagonal else None
        if head.get("presence") not in (None, "gate"):
            raise ValueError(f'head.presence is {head["presence"]!r}, must be null or "gate"')
        self.shift = head.get("shift", 0.0)  # standard deviation in pixels, of x and of y
        self.presence = Presence(widths[-1], c, head.get("presenceNets") or ()) if head.get("presence") else None
        self.start()

    def start(self):
        """He initialisation; small heads (log sigma: trap 3 and 4 of the design notes), few pixels lesion at first."""
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, nonlinearity="relu")
                nn.init.zeros_(m.bias)
        for net in (self.prior, self.posterior):
            if net is not None:
                nn.init.normal_(net.head.weight, std=0.01)
        last = self.comb[-1] if self.comb is not None else self.mean
        heads = ((last, -3.0), (self.factor, 0.0), (self.amplitude, -0.5), (self.envelope, 6.0), (self.diagonal, 0.0))
        for layer, bias in heads:
            if layer is not None:
                nn.init.normal_(layer.weight, std=0.1 if self.comb is not None and layer is last else 0.02)
                nn.init.constant_(layer.bias, bias)
        if self.presence is not None:
            nn.init.normal_(self.presence[2].weight, std=0.02)
            nn.init.constant_(self.presence[2].bias, 3.0)  # the gate is nearly open at first: the samples tell by themselves

    @torch.no_grad()
    def refresh_prior(self, mean, sigma):
        """Makes z = (old z - mean) / sigma, and starts the prior anew from the U-Net's own encoder, at N(0, 1).

        Nothing but the prior changes its meaning: posterior head and f_comb are rewritten to the same function.
        A z whose scale has run off cannot be told from the image: a head's weights never move as far as its spread.
        """
        c, first = self.architecture["channels"][0], self.comb[0]
        columns = first.weight[:, c:]
        first.bias += (columns * mean[None, :, None, None]).sum((1, 2, 3))
        columns *= sigma[None, :, None, None]
        head, latent = self.posterior.head, self.latent
        head.weight[:latent] /= sigma[:, None, None, None]
        head.bias[:latent] = (head.bias[:latent] - mean) / sigma
        head.bias[latent:] -= sigma.log()
        self.prior.down.load_state_dict(self.unet.down.state_dict())
        nn.init.zeros_(self.prior.head.weight)
        nn.init.zeros_(self.prior.head.bias)

    def prior_of(self, image):
        """(mean, log sigma) of P(z | image), [B,L] each."""
        if self.prior is None:
            zeros = image.new_zeros(len(image), self.latent)
            return zeros, zeros.clone()
        return self.prior(image)

    def posterior_of(self, image, mask):
        """(mean, log sigma) of Q(z | image, mask), [B,L] each; mask [B,1,H,W] of 0 and 1."""
        return self.posterior(torch.cat([image, mask - self.architecture["maskOffset"]], 1))

    def encode(self, image, inner=None, drop=None):
        """The head's parts of an image [B,1,H,W], with the gate's logit `presence` [B] where there is a gate."""
        features, deepest = self.unet.both(image, inner)
        gate = {} if self.presence is None else {"presence": self.presence(image, deepest, features, drop)}
        return self.parts(features) | gate

    def parts(self, features):
        """What the head makes once per image: base, and factor, amplitude, top, diagonal where there are such."""
        if self.comb is not None:
            first, c = self.comb[0], features.shape[1]
            found = {"base": F.conv2d(features, first.weight[:, :c], first.bias)}  # W_f f + b, before the ReLU
        else:
            found = {"base": self.mean(features)}
        if self.factor is not None:
            found["factor"] = self.factor(features)
        if self.amplitude is not None:
            found["amplitude"] = F.softplus(self.amplitude(features))
        if self.envelope is not None:
            found["top"] = self.envelope(features)
        if self.diagonal is not None:
            found["diagonal"] = F.softplus(self.diagonal(features)) + 1e-4  # + 1e-4: else NaN
        return found

    def decode(self, parts, z, fields=None, pixel_noise=None, shift=None):
        """Logits [B,N,H,W] of z [B,N,L], fields (one [B,N,h,w] per spacing, or None: off), pixel noise [B,N,H,W].

        `shift`: standard normals [B,N,2] of x and y, times head.shift the pixels that each map is moved by; after the
        envelope. The gate is not in the logits: it comes after (`drawn`).
        """
        base = parts["base"]
        (b, c, height, width), n = base.shape, z.shape[1]
        if self.comb is not None:
            moved = z @ self.comb[0].weight[:, c:, 0, 0].T  # W_z z: one small vector for every pixel
            x = (base[:, None] + moved[..., None, None]).flatten(0, 1)
            y = self.comb[1:](x).view(b, n, height, width)
        else:
            y = base.expand(b, n, height, width)
        if self.factor is not None:
            y = y + torch.einsum("bnl,blhw->bnhw", z, parts["factor"])
        if self.amplitude is not None and fields is not None:
            for s, field in enumerate(fields):
                wave = F.interpolate(field, size=(height, width), mode="bilinear", align_corners=False)
                y = y + parts["amplitude"][:, s : s + 1] * self.field_scale * wave
        if pixel_noise is not None:
            y = y + pixel_noise * parts["diagonal"].sqrt()
        if self.envelope is not None:
            y = parts["top"] - F.softplus(parts["top"] - y)
        if shift is not None and self.shift:
            y = shifted(y, self.shift * shift)
        return y

    def draw_fields(self, normal, b, n, size):
        """Standard normals for the fields: one [b,n,size/spacing,size/spacing] per spacing; None without fields."""
        return [normal(b, n, size // s, size // s) for s in self.spacings] or None

    def forward(self, image, z, fields=None):
        return self.decode(self.encode(image), z, fields)
