import math

import pytest
import torch

import axes
from modes import jacobian, mode_directions
from network import GraderNet
from posterior import _loss, newton_posterior
from tiny import TINY, seeded


def test_newton_finds_the_map_and_laplaces_sigma_of_one_pixel():
    # one pixel, logit = z, y = 1: minimise softplus(-z) + z^2/2: z = sigmoid(-z) = .4010581; Hessian 1 + p(1-p), p = sigmoid(z)
    parts = {"base": torch.zeros(1, 1, 1, 1), "factor": torch.ones(1, 1, 1, 1)}
    mean, log_sigma = newton_posterior(parts, torch.ones(1, 1, 1, 1))
    p = 1 / (1 + math.exp(-0.4010581))
    assert float(mean) == pytest.approx(0.4010581, abs=1e-5)
    assert float(log_sigma) == pytest.approx(-0.5 * math.log(1 + p * (1 - p)), abs=1e-5)


def test_under_the_envelope_newton_ends_where_the_gradient_is_zero():
    torch.manual_seed(1)
    parts = {"base": torch.randn(2, 1, 8, 8), "factor": torch.randn(2, 3, 8, 8), "top": torch.randn(2, 1, 8, 8) + 1}
    masks = (torch.rand(2, 1, 8, 8) > 0.5).float()
    z = newton_posterior(parts, masks, steps=60)[0].requires_grad_()
    (gradient,) = torch.autograd.grad(_loss(parts, z, masks.flatten(1)).sum(), z)
    assert gradient.abs().max() < 1e-2


def test_the_jacobian_of_a_linear_head_is_its_factor():
    architecture = TINY["tiny-linear"] | {"head": TINY["tiny-linear"]["head"] | {"envelope": False}}
    net = GraderNet(architecture)
    with torch.no_grad():
        parts = net.parts(net.unet(torch.rand(2, 1, 32, 32)))
        _, found = jacobian(net, parts, torch.zeros(2, 4), torch.full((2, 4), 2.0))
    assert torch.allclose(found, 2 * parts["factor"], atol=1e-5)


def test_modes_are_orthonormal_and_ordered():
    net = GraderNet(TINY["tiny-prob-unet"])
    net.load_state_dict(seeded(TINY["tiny-prob-unet"], 42))
    image = torch.rand(2, 1, 32, 32)
    with torch.no_grad():
        parts, (mean, log_sigma) = net.parts(net.unet(image)), net.prior_of(image)
        modes = mode_directions(net, parts, mean, log_sigma.exp())
        logits, change = jacobian(net, parts, mean, log_sigma.exp())
    assert torch.allclose(modes @ modes.transpose(1, 2), torch.eye(6).expand(2, -1, -1), atol=1e-5)
    p = logits.sigmoid()
    weighted = change * (p * (1 - p) + 0.001).sqrt()[:, None]
    strength = torch.einsum("bkl,blhw->bkhw", modes, weighted).square().sum((2, 3))
    assert (strength[:, :-1] >= strength[:, 1:] - 1e-4).all()


def test_an_axis_that_does_nothing_has_no_effect():
    net = GraderNet(TINY["tiny-linear"])
    net.load_state_dict(seeded(TINY["tiny-linear"], 12))
    with torch.no_grad():
        net.factor.weight[2] = 0
        net.factor.bias[2] = 0
        by_axis, by_mode = axes.effects(net, torch.rand(2, 1, 32, 32))
    assert (by_axis[:, 2] == 0).all() and (by_axis[:, 0] > 0).all()
    assert by_mode.shape == (2, 4) and (by_mode[:, 3] < 1e-3).all()  # three axes act: the fourth mode is dead
