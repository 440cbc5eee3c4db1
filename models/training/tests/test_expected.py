"""The gate's chance written out, against samples that were drawn."""

import numpy as np
import pytest
import torch

import data
from expected import expected, expected_presence, figures, terms
from measures import per_case
from network import GraderNet
from tiny import TINY, seeded


def test_the_expectation_is_the_mean_over_many_draws_of_the_gate():
    generator = torch.Generator().manual_seed(0)
    outlines = torch.rand(3, 6, 6, generator=generator) > 0.6
    outlines[2] = False  # a head that leaves one in three empty by itself
    graders = (torch.rand(1, 4, 6, 6, generator=generator) > 0.6) & torch.tensor([True, True, True, False]).view(1, 4, 1, 1)
    p, n, seen = 0.7, 4, []
    for _ in range(4000):
        chosen = outlines[torch.randint(3, (n,), generator=generator)]
        seen.append(per_case((chosen & (torch.rand(n, 1, 1, generator=generator) < p))[None], graders)["ged2"][0])
    iou = lambda a, b: 1.0 if not (a | b).any() else float((a & b).sum() / (a | b).sum())
    mean = lambda left, right: np.mean([1 - iou(a, b) for a in left for b in right])
    law = mean(outlines, graders[0]), 0.75, mean(outlines, outlines), 2 / 3, mean(graders[0], graders[0])
    assert expected(p, *law, n) == pytest.approx(np.mean(seen), abs=3 * np.std(seen) / 63)


def test_of_samples_that_are_as_often_empty_as_readers_chance_alone_is_left():
    # q = .5 * .8 = .4: 2 * .4 * .6 / 16
    assert expected_presence(0.5, 0.8, 0.4, 16) == pytest.approx(0.03)
    assert expected_presence(0.5, 0.8, 0.9, 1e12) == pytest.approx(0.5)


def test_terms_are_of_the_head_with_its_gate_open_and_figures_of_both():
    net = GraderNet(TINY["tiny-gated"])
    net.load_state_dict(seeded(TINY["tiny-gated"], 21))
    torch.nn.init.zeros_(net.presence[2].weight)
    torch.nn.init.constant_(net.presence[2].bias, -50.0)
    torch.nn.init.constant_(net.mean.bias, 40.0)
    torch.nn.init.constant_(net.envelope.bias, 60.0)
    masks = np.zeros((2, 4, 32, 32), np.uint8)
    masks[0, :2] = masks[1, :, :8] = 1
    crops = data.Crops(np.zeros((2, 32, 32), np.uint8), np.packbits(masks, axis=-1), np.arange(2), np.arange(2))
    found = terms(net, crops, 4, 6)
    assert found["left"].tolist() == [1, 1] and found["among"].tolist() == [0, 0]  # everything is marked
    assert found["across"].tolist() == [0.5, 0.75] and found["nothing"].tolist() == [0.5, 1]
    assert found["readers"].tolist() == [0.5, 1] and found["large"].tolist() == [0, 1] and found["p"].max() < 1e-9
    # the gate is closed: all samples are empty, 2 * .5 - .5 and 2 * 1 - 0; presence 2 * .25 and 2
    told = figures(found, 16)
    assert told["ged2"] == pytest.approx((0.5 + 2) / 2) and told["ged2_presence"] == pytest.approx(1.25)
    assert told["empty_where_all_drew_large"] == pytest.approx(1)
