"""The gate's own encoder, trained by itself."""

import numpy as np
import pytest
import torch

import data
from network import Presence
from presence_net import Trained, readers, seen_anew, train


def crops_of(images, drew):
    """Crops [N,32,32] whose first `drew` of four readers drew one pixel."""
    masks = np.zeros((len(images), 4, 32, 32), np.uint8)
    for one, count in zip(masks, drew):
        one[:count, 9, 9] = 1
    return data.Crops(images, np.packbits(masks, axis=-1), np.arange(len(images)), np.arange(len(images)), np.arange(len(images)))


def test_the_share_of_readers_is_counted_from_the_masks():
    assert readers(crops_of(np.zeros((3, 32, 32), np.uint8), [0, 3, 4])).tolist() == [0, 0.75, 1]


def test_folding_leaves_what_the_encoder_says_as_it_was():
    torch.manual_seed(0)
    net, image = Trained([2, 4], [1, 2]), torch.rand(5, 1, 32, 32)
    for _ in range(3):
        net(image)  # the normalisation learns its means and variances
    net.eval()
    stored = net.folded()
    plain = Presence(1, 1, [{"channels": [2, 4], "convs": [1, 2]}])
    plain.own[0].load_state_dict({k: v for k, v in stored.items() if not k.startswith("out")})
    said = torch.cat(plain.seen(plain.own[0], image), 1) @ stored["out.weight"] + stored["out.bias"]
    assert torch.allclose(said, net(image), atol=1e-5)


def test_a_crop_seen_anew_keeps_its_middle_and_its_size_is_as_asked_for():
    images = torch.zeros(8, 1, 64, 64)
    images[:, :, 20:44, 20:44] = 1
    found = seen_anew(images, 48, np.random.default_rng(0))
    assert found.shape == (8, 1, 48, 48)
    assert found[:, 0, 22:26, 22:26].mean() == pytest.approx(1, abs=0.1)
    assert found[:, 0, 0, 0].abs().max() < 0.2


def test_it_learns_what_readers_go_by_and_says_so_of_others():
    rng = np.random.default_rng(0)
    images = rng.integers(40, 60, (64, 128, 128)).astype(np.uint8)
    images[::2, 52:76, 52:76] += 150
    masks = np.zeros((64, 4, 128, 128), np.uint8)
    masks[::2, :, 60, 60] = 1
    crops = data.Crops(images, np.packbits(masks, axis=-1), np.arange(64), np.arange(64), np.arange(64))
    torch.manual_seed(0)
    net = Trained([4, 8], [1, 1])
    assert train(net, crops.only(np.arange(48)), 12, 1) > 5
    from presence_net import answers

    said = answers(net, crops.only(np.arange(48, 64)))
    assert said[::2].min() > said[1::2].max()
