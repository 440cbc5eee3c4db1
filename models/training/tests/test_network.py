"""Shapes, the cut between encode and decode, and the general head by its own formula."""

import pytest
import torch
import torch.nn.functional as F

from network import GraderNet, UNet
from tiny import TINY


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
