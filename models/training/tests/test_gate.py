"""The gate's branch fitted by itself: a regression whose answer is known."""

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

import data
from export import describe
from gate import aim, by_heart, fit, make_linear, make_of_scores, numbers_and_shares, with_nets
from network import GraderNet, Presence
from presence_net import Trained
from tiny import TINY, seeded


def test_a_branch_made_linear_says_so_for_numbers_of_either_sign():
    gate, w = Presence(2, 1), torch.tensor([1.0, -2.0, 0.5, 3.0])
    make_linear(gate, w, 0.25)
    deepest = torch.tensor([2.0, -1.0]).view(1, 2, 1, 1).expand(1, 2, 4, 4)
    for level in (4.0, -4.0):  # both the mean and the largest of the features
        logit = gate(None, deepest, torch.full((1, 1, 32, 32), level))
        assert float(logit) == pytest.approx(2 + 2 + 0.5 * level + 3 * level + 0.25, abs=1e-5)


def test_the_regression_finds_the_law_that_made_the_readers():
    x = torch.randn(4000, 2, generator=torch.Generator().manual_seed(0)) * torch.tensor([1.0, 10.0])
    truth = torch.sigmoid(1.5 * x[:, 0] - 0.1 * x[:, 1] + 0.5)
    w, b = fit(x, torch.full((4000,), 0.8), 0.8 * truth, ridge=0.0)
    assert w.tolist() == pytest.approx([1.5, -0.1], abs=0.01) and b == pytest.approx(0.5, abs=0.01)


def test_where_half_of_the_samples_are_empty_by_themselves_the_gate_opens_wider():
    x, readers = torch.zeros(10, 1), torch.full((10,), 0.3)
    often, seldom = (fit(x, torch.full((10,), share), readers)[1] for share in (1.0, 0.5))
    # (1 * 16 + 1.6)/18 = .978 and (.5 * 16 + 1.6)/18 = .533: p = .3/.978 and .3/.533
    assert torch.sigmoid(torch.tensor([often, seldom])).tolist() == pytest.approx([0.3069, 0.5625], abs=1e-3)


def test_what_a_gate_aims_at_is_the_mean_of_both_logits_made_surer_above_one_half_over_what_the_head_leaves():
    def p_of(trunk, left, own, sharper=1.0):
        given = (torch.tensor([value]).logit() for value in (trunk, left, own))
        return float(torch.sigmoid(aim(*given, 0.5, sharper)))

    assert p_of(0.8, 0.998, 0.8) == pytest.approx(0.8, abs=2e-3)
    # q = .8 * .5 = .4; mean of logit .4 and logit .4; .4 / .5 = .8
    assert p_of(0.8, 0.5, 0.4) == pytest.approx(0.8, abs=1e-4)
    # logits of .8 (1.386): twice as sure is sigmoid(2.773) = .941; below one half nothing is changed
    assert p_of(0.8, 0.998, 0.8, 2) == pytest.approx(0.941, abs=2e-3)
    assert p_of(0.2, 0.998, 0.2, 2) == pytest.approx(0.2, abs=2e-3)
    assert p_of(0.9, 0.3, 0.9) == pytest.approx(0.998)  # more than the head leaves cannot be had


def test_the_branch_says_by_heart_what_it_is_to_say():
    scores = torch.randn(2000, 3, generator=torch.Generator().manual_seed(1)) * torch.tensor([1.0, 1.5, 1.0])
    wanted = aim(*scores.T, 0.5, 1.8)
    gate, directions = Presence(2, 1), torch.randn(3, 4, generator=torch.Generator().manual_seed(2))
    make_of_scores(gate, directions, torch.tensor([0.1, -0.2, 0.3]), by_heart(scores, wanted))
    numbers = (scores - torch.tensor([0.1, -0.2, 0.3])) @ torch.linalg.pinv(directions).T
    with torch.no_grad():
        said = gate[2](gate[1](gate[0](numbers[..., None, None]))).flatten()
    assert float((torch.sigmoid(said) - torch.sigmoid(wanted)).abs().mean()) < 0.01


def test_encoders_put_into_a_gate_add_their_share_of_the_mean_of_their_logits(tmp_path):
    told = [{"channels": [2, 3], "convs": [2, 1]}, {"channels": [1, 4], "convs": [0, 1]}]
    torch.manual_seed(0)
    own = [Trained(net["channels"], net["convs"]).eval() for net in told]
    paths = [tmp_path / f"{n}.safetensors" for n in range(2)]
    for one, path in zip(own, paths):
        save_file(one.folded(), str(path))
    plain = {**TINY["tiny-gated"], "head": {**TINY["tiny-gated"]["head"], "presenceNets": None}}
    net, config, (out, bias) = with_nets(GraderNet(plain), {"architecture": plain}, paths)
    assert config["architecture"]["head"]["presenceNets"] == told and plain["head"]["presenceNets"] is None
    make_linear(net.presence, torch.cat([torch.zeros(16), 0.5 * out]), 0.5 * bias)
    image = torch.rand(2, 1, 32, 32)
    assert torch.allclose(net.encode(image)["presence"], 0.5 * (own[0](image) + own[1](image)) / 2, atol=1e-5)


def test_the_numbers_are_those_that_the_branch_is_told_and_shares_are_of_the_head_alone():
    net = GraderNet(TINY["tiny-gated"])
    net.load_state_dict(seeded(TINY["tiny-gated"], 21))
    torch.nn.init.constant_(net.presence[2].bias, -50.0)  # a closed gate: the head's own samples are there all the same
    torch.nn.init.constant_(net.mean.bias, 40.0)
    torch.nn.init.constant_(net.envelope.bias, 60.0)
    images = np.random.default_rng(0).integers(0, 256, (3, 32, 32), np.uint8)
    masks = np.zeros((3, 4, 32, 32), np.uint8)
    masks[0, :2, 9, 9] = masks[1, :, 9, 9] = 1
    crops = data.Crops(images, np.packbits(masks, axis=-1), np.arange(3), np.arange(3))
    numbers, shares, readers = numbers_and_shares(net, crops, draws=4, batch=2)
    assert readers.tolist() == [0.5, 1.0, 0.0] and shares.tolist() == [1.0, 1.0, 1.0]
    make_linear(net.presence, torch.zeros(37), 1.5)
    assert numbers.shape == (3, 37)  # 8 + 2 * 4, and 3 * (4 + 3) of the encoders of its own
    with torch.no_grad():
        image = crops.take(np.array([2]))[0]
        features, deepest = net.unet.both(image)
        net.presence[0].weight[0, 7, 0, 0] = 1.0
        found = net.presence(image, deepest, features) - 1.5
    assert float(found) == pytest.approx(float(numbers[2, 7].clamp(min=0)), abs=1e-5)


def test_a_folder_keeps_what_was_measured_of_the_fields():
    config = {"name": "a", "title": "A", "family": "prob-unet", "architecture": TINY["tiny-gated"]}
    assert describe(config, [], {}, fields_kl=1.5)["fieldsKl"] == 1.5
    assert "fieldsKl" not in describe(config, [], {})
