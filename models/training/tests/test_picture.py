"""A picture's crops are the page's: the same region, the same scaling."""

import numpy as np
import torch

import picture
from network import GraderNet
from tiny import TINY


def test_a_region_at_the_border_is_moved_inside_and_scaled_to_8_bits():
    values = np.zeros((200, 200))
    values[0, 0], values[0, 1] = -1000, 1000  # of 2,000: 0 is at 127.5, rounded up to 128
    crop, origin = picture.region(values, (3, 5))
    assert origin == (0, 0)
    assert crop.shape == (128, 128)
    assert crop[0, :3].tolist() == [0.0, 1.0, np.float32(128 / 255)]


def test_a_constant_region_becomes_zeros():
    assert not picture.region(np.full((128, 128), 7.0), (64, 64))[0].any()


def test_modes_have_two_ends_each():
    torch.manual_seed(0)
    net = GraderNet(TINY["tiny-linear"])
    masks = picture.mode_masks(net, torch.rand(2, 1, 32, 32), 2)
    assert masks.shape == (2, 2, 2, 32, 32)
