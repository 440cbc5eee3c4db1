"""Augmentation: one warp for the image and its masks, then grey levels of the image.

The crops were min-max scaled one by one, so that the same tissue has another grey level in each: brightness, contrast
and gamma are as much a part of it as geometry. Random numbers are drawn on the CPU, so that they are the same whatever
device the pictures are on.
"""

import math

import torch
import torch.nn.functional as F


def warp_grid(n, size, generator=None, device="cpu"):
    """Sampling grid [n,size,size,2] in [-1,1]: rotation, flip, scale, shear, translation and a smooth elastic bend."""

    def rand(*shape):
        return torch.rand(*shape, generator=generator).to(device)

    turn, flip = rand(n) * 2 * math.pi, torch.where(rand(n) < 0.5, -1.0, 1.0)
    scale, shear = torch.exp((rand(n) - 0.5) * 0.5), (rand(n) - 0.5) * 0.3
    rows = [turn.cos() * flip, -turn.sin() + shear, turn.sin() * flip, turn.cos()]
    linear = torch.stack(rows, 1).view(n, 2, 2) * scale[:, None, None]
    shift = (rand(n, 2, 1) - 0.5) / 4
    grid = F.affine_grid(torch.cat([linear, shift], 2), (n, 1, size, size), align_corners=False)
    bend = torch.randn(n, 2, 6, 6, generator=generator).to(device) * 0.03 * rand(n, 1, 1, 1)
    return grid + F.interpolate(bend, size=size, mode="bicubic", align_corners=True).permute(0, 2, 3, 1)


def warp(images, masks, grid):
    """Images (bilinear) and masks (bilinear, cut at one half) on `grid`.

    A lesion of a pixel or two may nowhere reach one half after the warp; it is then cut at half of its own maximum,
    so that a grader who drew something does not become one who drew nothing.
    """
    images = F.grid_sample(images, grid, padding_mode="reflection", align_corners=False)
    soft = F.grid_sample(masks.float(), grid, align_corners=False)
    peak = soft.amax((2, 3), keepdim=True)
    faint = (peak <= 0.5) & (peak > 0.1) & (soft > 0.5 * peak)
    return images, ((soft > 0.5) | faint).float()


def grey_levels(images, generator=None):
    """Random gamma, contrast, brightness and noise."""
    one = (len(images), 1, 1, 1)

    def rand():
        return torch.rand(one, generator=generator).to(images.device) - 0.5

    x = images.clamp(0, 1) ** torch.exp(rand() * 0.8) * (1 + rand() * 0.4) + rand() * 0.3
    noise = torch.randn(images.shape, generator=generator) * 0.03 * torch.rand(one, generator=generator)
    return (x + noise.to(x.device)).clamp(-0.2, 1.2)


def blurred(images, sigma=1.0, reach=3):
    """Images [n,1,H,W] under a Gaussian of `sigma` pixels, mirrored at the edge."""
    taps = torch.exp(-(torch.arange(-reach, reach + 1, device=images.device) ** 2) / (2 * sigma**2))
    taps = (taps / taps.sum()).to(images.dtype)
    padded = F.pad(images, (reach,) * 4, mode="reflect")
    return F.conv2d(F.conv2d(padded, taps.view(1, 1, 1, -1)), taps.view(1, 1, -1, 1))


def other_scanner(images, strength=1.0, generator=None):
    """The same region as another scanner and another crop might have shown it: sharpness, contrast about its mean, mean,
    brightness, gamma and noise, each other in each image.

    A reconstruction kernel sharpens or blurs (six in ten, by up to .8 of what a blur of one pixel takes away, or .9 towards
    it); seven in ten get noise of a standard deviation up to .04. `strength` scales all of it.
    """
    one = (len(images), 1, 1, 1)

    def rand():
        return torch.rand(one, generator=generator).to(images.device)

    def normal(sigma):
        return torch.randn(one, generator=generator).to(images.device) * sigma * strength

    x = images + (rand() * 1.7 - 0.8) * (rand() < 0.6) * strength * (blurred(images) - images)
    mean = x.mean((2, 3), keepdim=True)
    x = (x - mean) * torch.exp(normal(0.15)) + mean * torch.exp(normal(0.08)) + normal(0.04)
    x = x.clamp(min=0) ** torch.exp(normal(0.15))
    noise = torch.randn(images.shape, generator=generator).to(images.device)
    return x + 0.04 * strength * rand() * (rand() < 0.7) * noise


def centre(full, size):
    """The centre `size` of `full` pixels, as a slice."""
    first = (full - size) // 2
    return slice(first, first + size)


def leave(images, masks, size, generator=None):
    """The centre as it is, masks f32: what `augment` is compared with."""
    cut = centre(images.shape[-1], size)
    return images[..., cut, cut].contiguous(), masks[..., cut, cut].float().contiguous()


def in_half(change, images, masks, generator=None):
    """`change` done to image and masks of about half of the crops."""
    chosen = (torch.rand(len(images), 1, 1, 1, generator=generator) < 0.5).to(images.device)
    return torch.where(chosen, change(images), images), torch.where(chosen, change(masks), masks)


def left_right(x):
    return x.flip(-1)


def mirror(images, masks, size, generator=None):
    """The centre, left and right changed over in half of the crops: a lung has its mirror image on the other side."""
    return in_half(left_right, *leave(images, masks, size), generator)


def turn(images, masks, size, generator=None):
    """The centre in one of its eight orientations: no grey level lies between two others, as none does in a crop."""
    both = leave(images, masks, size)
    for change in (left_right, lambda x: x.flip(-2), lambda x: x.transpose(-1, -2)):
        both = in_half(change, *both, generator)
    return both


def rescan(images, masks, size, generator=None):
    """`turn`, and the image as another scanner might have shown it, at half of that strength."""
    images, masks = turn(images, masks, size, generator)
    return other_scanner(images, 0.5, generator), masks


def augment(images, masks, size, generator=None):
    """Images [n,1,S,S] and masks [n,G,S,S] -> the same on the centre `size` x `size` of the warped crop, masks f32."""
    full = images.shape[-1]
    cut = centre(full, size)
    grid = warp_grid(len(images), full, generator, images.device)[:, cut, cut]
    images, masks = warp(images, masks, grid)
    return grey_levels(images, generator), masks


KINDS = {True: augment, False: leave, "mirror": mirror, "turn": turn, "rescan": rescan}  # by a stage's `augment`
