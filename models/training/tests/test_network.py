"""Shapes, the cut between encode and decode, and the general head by its own formula."""

import pytest
import torch
import torch.nn.functional as F

from network import GraderNet, Presence, UNet, drawn, shifted
from tiny import TINY


def with_head(**more):
    return GraderNet(TINY["tiny-linear"] | {"head": TINY["tiny-linear"]["head"] | more})


def test_the_unet_keeps_the_size_and_gives_the_base_width():
    assert UNet((4, 8, 8, 8))(torch.rand(2, 1, 40, 24)).shape == (2, 4, 40, 24)


def test_every_head_gives_a_map_of_logits_per_draw(architecture):
    net = GraderNet(architecture)
    z = torch.randn(2, 5, net.latent)
    fields = net.draw_fields(torch.randn, 2, 5, 32)
    assert net(torch.rand(2, 1, 32, 32), z, fields).shape == (2, 5, 32, 32)


def test_prior_and_posterior_have_a_mean_and_a_log_sigma_per_axis():
    net = GraderNet(TINY["tiny-prob-unet"])
    image = torch.rand(3, 1, 32, 32)
    for mean, log_sigma in (net.prior_of(image), net.posterior_of(image, torch.zeros(3, 1, 32, 32))):
        assert mean.shape == log_sigma.shape == (3, 6)


def test_a_standard_prior_is_zero_and_one():
    mean, log_sigma = GraderNet(TINY["tiny-linear"]).prior_of(torch.rand(2, 1, 32, 32))
    assert mean.abs().max() == 0 and log_sigma.abs().max() == 0


def test_the_cached_base_gives_what_tiling_and_concatenating_gives():
    net = GraderNet(TINY["tiny-prob-unet"])
    features, z = net.unet(torch.rand(1, 1, 32, 32)), torch.randn(1, 3, 6)
    tiled = z[0][:, :, None, None].expand(-1, -1, 32, 32)
    naive = net.comb(torch.cat([features.expand(3, -1, -1, -1), tiled], 1))[:, 0]
    assert torch.allclose(net.decode(net.parts(features), z)[0], naive, atol=1e-5)


def test_the_general_head_is_its_formula():
    net = GraderNet(TINY["tiny-linear"])
    features, z = net.unet(torch.rand(1, 1, 32, 32)), torch.randn(1, 1, 4)
    fields = net.draw_fields(torch.randn, 1, 1, 32)
    y = net.mean(features)[0, 0] + (net.factor(features)[0] * z[0, 0, :, None, None]).sum(0)
    for s, field in enumerate(fields):
        wave = F.interpolate(field, size=(32, 32), mode="bilinear", align_corners=False)[0, 0]
        y = y + F.softplus(net.amplitude(features))[0, s] * 1.5 * wave
    top = net.envelope(features)[0, 0]
    got = net.decode(net.parts(features), z, fields)[0, 0]
    assert torch.allclose(got, top - F.softplus(top - y), atol=1e-5)
    assert (got <= top).all()


def test_a_shift_moves_the_map_to_the_right_and_down_and_repeats_its_border():
    ramp = torch.tensor([[0.0, 1.0, 4.0], [10.0, 11.0, 14.0], [20.0, 21.0, 24.0]])[None, None]
    # half a pixel to the right: x - .5, so 0 (clamped), (0 + 1)/2, (1 + 4)/2; a whole row down: rows 0 (clamped), 0, 1
    got = shifted(ramp, torch.tensor([[[0.5, 1.0]]]))
    expected = [[0, 0.5, 2.5], [0, 0.5, 2.5], [10, 10.5, 12.5]]
    assert torch.allclose(got[0, 0], torch.tensor(expected), atol=1e-5)


def test_a_shift_far_off_leaves_the_corner_everywhere():
    assert torch.allclose(shifted(torch.arange(9.0).view(1, 1, 3, 3), torch.tensor([[[-9.0, -9.0]]])), torch.tensor(8.0))


def test_each_sample_is_shifted_by_its_own_normals_times_sigma_after_the_envelope():
    net = with_head(shift=0.6)
    parts, z, normals = net.encode(torch.rand(1, 1, 32, 32)), torch.randn(1, 2, 4), torch.randn(1, 2, 2)
    moved = net.decode(parts, z, shift=normals)
    assert torch.allclose(moved, shifted(net.decode(parts, z), 0.6 * normals), atol=1e-6)
    plain = net.decode(parts, z)
    net.shift = 0.0
    assert torch.equal(net.decode(parts, z, shift=normals), plain)


def test_the_gate_is_told_mean_and_largest_of_the_centre_at_both_ends_of_the_unet():
    deepest, features, seen = torch.zeros(1, 2, 6, 8), torch.zeros(1, 1, 48, 64), []
    deepest[0, 0, 1, 2], deepest[0, 1, 0, 2] = 16, 99  # the centre's first cell, of 16; the other one is above it
    features[0, 0, 8, 16], features[0, 0, 39, 47], features[0, 0, 40, 47] = 2, 3, 99  # first, last, just below the last
    gate = Presence(2, 1)
    logit = gate(None, deepest, features, lambda numbers: seen.append(numbers) or numbers)
    assert seen[0].flatten().tolist() == pytest.approx([1, 0, 5 / 1024, 3])
    hidden = F.relu(gate[0].weight[:, :, 0, 0] @ seen[0].flatten() + gate[0].bias)
    assert float(logit) == pytest.approx(float(gate[2].weight[0, :, 0, 0] @ hidden + gate[2].bias), abs=1e-6)


def test_the_gates_own_encoder_tells_mean_and_largest_of_the_centre_and_the_mean_of_all():
    gate = Presence(1, 1, [{"channels": [1, 1], "convs": [1, 1]}, {"channels": [1], "convs": [0]}])
    with torch.no_grad():
        for level in gate.own[0]:  # each convolution gives its input back
            level[0].weight.zero_()
            level[0].weight[0, 0, 1, 1], level[0].bias[:] = 1, 0
    image = torch.zeros(1, 1, 64, 64)
    image[0, 0, 16:18, 16:18] = 8  # the first cell of the centre's 16 x 16, of four pixels
    image[0, 0, 0, 0] = 4 * 16  # of all 32 x 32 cells the first one: 16 once halved
    numbers = gate.numbers(image, torch.zeros(1, 1, 4, 4), torch.zeros(1, 1, 32, 32))
    assert numbers[0].tolist() == pytest.approx([0, 0, 0, 8 / 256, 8, 24 / 1024, 8 * 4 / 1024, 8, 96 / 4096])
    assert {name: tuple(v.shape) for name, v in gate.state_dict().items() if "own" in name} == {
        "own.0.0.0.weight": (1, 1, 3, 3), "own.0.0.0.bias": (1,), "own.0.1.0.weight": (1, 1, 3, 3), "own.0.1.0.bias": (1,),
    }  # fmt: skip


def test_the_gates_own_encoder_says_the_same_of_an_image_and_of_its_mirror_images():
    torch.manual_seed(0)
    gate, image = Presence(1, 1, [{"channels": [2, 3], "convs": [1, 1]}]), torch.rand(1, 1, 64, 64)
    for level in gate.own[0]:
        torch.nn.init.constant_(level[0].bias, 1.0)  # no channel is at rest
    said = torch.cat(gate.seen(gate.own[0], image), 1)
    for turned in (image.flip(-1), image.flip(-2), image.flip(-1, -2)):
        assert torch.allclose(torch.cat(gate.seen(gate.own[0], turned), 1), said, atol=1e-6)
    assert not torch.allclose(torch.cat(gate.seen(gate.own[0], image.transpose(-1, -2)), 1), said, atol=1e-6)


def test_a_sample_is_drawn_where_u_is_above_minus_the_normal_quantile_of_p():
    # p = .8413: quantile 1.0, so drawn where u > -1; p = .5: drawn where u > 0
    logits = torch.tensor([0.8413447, 0.5]).logit()
    u = torch.tensor([[-1.1, -0.9, 0.1], [-1.1, -0.9, 0.1]])
    assert drawn(logits, u).tolist() == [[False, True, True], [False, False, True]]


def test_a_network_without_the_keys_of_gate_and_shift_has_neither():
    net = GraderNet(TINY["tiny-linear"])
    assert net.presence is None and net.shift == 0 and "presence" not in net.encode(torch.rand(1, 1, 32, 32))
    assert not [name for name in net.state_dict() if name.startswith("presence")]


def test_the_gates_names_and_shapes_are_the_contract_with_other_readers():
    state = with_head(presence="gate").state_dict()
    found = {name: tuple(v.shape) for name, v in state.items() if name.startswith("presence")}
    assert found == {
        "presence.0.weight": (32, 16, 1, 1), "presence.0.bias": (32,),
        "presence.2.weight": (1, 32, 1, 1), "presence.2.bias": (1,),
    }  # fmt: skip


def test_another_kind_of_presence_is_refused():
    with pytest.raises(ValueError, match="presence"):
        with_head(presence="door")


def test_without_fields_the_decode_is_the_one_of_fields_at_zero():
    net = GraderNet(TINY["tiny-general"])
    parts, z = net.parts(net.unet(torch.rand(1, 1, 32, 32))), torch.randn(1, 2, 3)
    zero = net.draw_fields(torch.zeros, 1, 2, 32)
    assert torch.allclose(net.decode(parts, z), net.decode(parts, z, zero), atol=1e-6)


def test_the_pixel_noise_exists_in_training_only():
    net = GraderNet(TINY["tiny-linear"], diagonal=True)
    assert "diagonal.weight" in net.state_dict()
    parts = net.parts(net.unet(torch.rand(1, 1, 32, 32)))
    assert (parts["diagonal"] > 0).all()


def test_the_names_are_the_contract_with_other_readers():
    names = GraderNet(TINY["tiny-prob-unet"]).state_dict()
    for name in ("unet.down.0.0.weight", "unet.up.2.4.bias", "prior.down.3.4.weight", "prior.head.weight",
                 "posterior.down.0.0.weight", "comb.0.weight", "comb.6.bias"):  # fmt: skip
        assert name in names
    assert names["posterior.down.0.0.weight"].shape == (4, 2, 3, 3)
    assert names["comb.0.weight"].shape == (4, 10, 1, 1)


def test_a_factor_of_another_rank_than_the_latent_is_refused():
    head = {**TINY["tiny-linear"]["head"], "factor": 3}
    with pytest.raises(ValueError, match="rank"):
        GraderNet({**TINY["tiny-linear"], "head": head})


def test_refreshing_the_prior_rescales_z_without_changing_the_function():
    net = GraderNet(TINY["tiny-prob-unet"])
    image, mask, z = torch.rand(1, 1, 32, 32), torch.zeros(1, 1, 32, 32), torch.randn(1, 2, 6)
    mean, sigma = torch.randn(6), torch.rand(6) + 0.5
    with torch.no_grad():
        logits, (q, log_q) = net(image, z), net.posterior_of(image, mask)
        net.refresh_prior(mean, sigma)
        assert torch.allclose(net(image, (z - mean) / sigma), logits, atol=1e-4)
        now, log_now = net.posterior_of(image, mask)
    assert torch.allclose(now, (q - mean) / sigma, atol=1e-5) and torch.allclose(log_now, log_q - sigma.log(), atol=1e-5)
    assert net.prior_of(image)[0].abs().max() == 0
