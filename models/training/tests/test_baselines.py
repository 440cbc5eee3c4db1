"""The paper's four rivals: shapes, gradients, and what makes each of them what it is."""

import math

import pytest
import torch

import export
from baselines import MHeads
from systems import CHOICES, build, draw, loss
from tiny import SHARED

HEAD = {"comb": False, "factor": 0, "fields": [], "fieldScale": 1.5, "envelope": False}
PLAIN = {**SHARED, "latent": 0, "head": HEAD, "prior": "standard", "posterior": "newton"}
RIVALS = {
    "dropout-unet": {**PLAIN, "dropout": 0.5},
    "unet-ensemble": PLAIN,
    "m-heads": {**PLAIN, "heads": 4},
    "image2image-vae": {**PLAIN, "latent": 3, "posterior": "net"},
}


@pytest.mark.parametrize("family", RIVALS)
def test_a_rival_trains_samples_and_is_read_back_from_its_file(family, tmp_path):
    net = build(family, RIVALS[family])
    images, masks = torch.rand(2, 1, 32, 32), (torch.rand(2, 4, 32, 32) > 0.7).float()
    cost, _ = loss(net, images, masks, {"objective": "any"})
    cost.backward()
    assert [k for k, p in net.named_parameters() if p.grad is None or p.grad.abs().max() == 0] == []
    p = draw(net, images, 6, torch.Generator().manual_seed(1))
    assert p.shape == (2, 6, 32, 32) and 0 <= p.min() and p.max() <= 1
    config = {"name": family, "title": family, "family": family, "architecture": RIVALS[family]}
    states = [net.state_dict()] * 2 if family == "unet-ensemble" else net.state_dict()
    export.write(states, config, tmp_path / family, {})
    system = export.open_system(tmp_path / family)
    again = system.sample(images, 6, torch.Generator().manual_seed(1))
    assert torch.allclose(again, p, atol=2e-2)  # fp16 weights
    assert export.load(tmp_path / family)[1]["choice"] == CHOICES[family]


def test_dropout_changes_every_sample_and_is_the_identity_when_off():
    net = build("dropout-unet", RIVALS["dropout-unet"])
    image, generator = torch.rand(1, 1, 32, 32), torch.Generator().manual_seed(1)
    a, b = draw(net, image, 2, generator)[0]
    assert not torch.allclose(a, b)
    assert torch.equal(net(image, dropout=False), net(image, dropout=False))


def test_dropout_sits_at_the_inputs_of_the_three_innermost_blocks_each_way():
    net, seen = build("dropout-unet", RIVALS["dropout-unet"]), []
    drop = net.keep(torch.Generator().manual_seed(1))

    def watched(block, x):
        y = drop(block, x)
        seen.append((block, y is not x))
        return y

    net.unet(torch.rand(1, 1, 32, 32), watched)
    assert seen == [(0, False), (1, True), (2, True), (3, True), (-3, True), (-2, True), (-1, True)]


def test_best_of_m_weighs_the_closest_head_with_one_less_epsilon():
    net = MHeads({**PLAIN, "heads": 3})
    with torch.no_grad():
        net.heads.weight.zero_()
        net.heads.bias.copy_(torch.tensor([0.0, math.log(3), -math.log(3)]))
    # one lesion pixel everywhere: -ln p = ln 2, ln 4/3, ln 4 a pixel; the second head is the closest
    each = [math.log(2), math.log(4 / 3), math.log(4)]
    expected = 64 * (0.95 * each[1] + 0.025 * (each[0] + each[2]))
    cost, _ = net.loss(torch.rand(1, 1, 8, 8), torch.ones(1, 4, 8, 8), {"eps": 0.05})
    assert float(cost) == pytest.approx(expected, rel=1e-5)


def test_heads_are_drawn_without_replacement():
    net = build("m-heads", RIVALS["m-heads"])
    image = torch.rand(1, 1, 16, 16)
    drawn = draw(net, image, 4, torch.Generator().manual_seed(3))[0]
    every = torch.sigmoid(net(image))[0]
    assert sorted(d.sum().item() for d in drawn) == pytest.approx(sorted(e.sum().item() for e in every))
