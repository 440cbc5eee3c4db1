import math

import pytest
import torch

import axes
from modes import jacobian, mode_directions
from network import GraderNet
from posterior import Regression, newton_posterior
from tiny import TINY, seeded


def test_newton_finds_the_map_and_laplaces_sigma_of_one_pixel():
    # one pixel, logit = z, y = 1: minimise softplus(-z) + z^2/2: z = sigmoid(-z) = .4010581; Hessian 1 + p(1-p), p = sigmoid(z)
    parts = {"base": torch.zeros(1, 1, 1, 1), "factor": torch.ones(1, 1, 1, 1)}
    mean, log_sigma, *_ = newton_posterior(parts, torch.ones(1, 1, 1, 1))
    p = 1 / (1 + math.exp(-0.4010581))
    assert float(mean) == pytest.approx(0.4010581, abs=1e-5)
    assert float(log_sigma) == pytest.approx(-0.5 * math.log(1 + p * (1 - p)), abs=1e-5)


def test_under_the_envelope_newton_ends_where_the_gradient_is_zero():
    torch.manual_seed(1)
    parts = {"base": torch.randn(2, 1, 8, 8), "factor": torch.randn(2, 3, 8, 8), "top": torch.randn(2, 1, 8, 8) + 1}
    masks = (torch.rand(2, 1, 8, 8) > 0.5).float()
    parts["amplitude"] = torch.rand(2, 1, 8, 8)
    found = newton_posterior(parts, masks, spacings=[4], scale=1.5)
    for b in range(2):
        x = torch.cat([found.mean[b], found.fields[0][b].flatten()]).double().requires_grad_()
        problem = Regression(parts, b, masks[b, 0], [4], 1.5)
        (gradient,) = torch.autograd.grad(problem.terms(x)[0], x)
        assert gradient.abs().max() < 1e-2
        assert torch.allclose(problem.at(x.detach())[1], gradient, atol=1e-9)


def test_of_z_the_fields_are_integrated_out_and_the_two_parts_of_kl_add_up():
    torch.manual_seed(2)
    parts = {"base": torch.randn(1, 1, 8, 8), "factor": torch.randn(1, 2, 8, 8), "amplitude": torch.rand(1, 1, 8, 8)}
    mask = (torch.rand(1, 1, 8, 8) > 0.5).float()
    found = newton_posterior(parts, mask, spacings=[4], scale=1.5)
    problem = Regression(parts, 0, mask[0, 0], [4], 1.5)
    x = torch.cat([found.mean[0], found.fields[0][0].flatten()]).double()
    # without an envelope Gauss-Newton's precision is the Hessian itself: all 2 + 2 * 2 of it, by autograd
    hessian = torch.autograd.functional.hessian(lambda x: problem.terms(x)[0], x)
    covariance = hessian.inverse()
    sigma = covariance.diagonal()[:2].sqrt()
    assert torch.allclose(found.log_sigma[0].double(), sigma.log(), atol=1e-4)

    def nats(mean, covariance):
        return 0.5 * (covariance.trace() + mean @ mean - len(mean) - torch.logdet(covariance))

    both, of_z = nats(x, covariance), nats(x[:2], covariance[:2, :2])
    assert float(found.nats) == pytest.approx(float(both - of_z), abs=1e-3) and found.nats > 0.1


def test_the_fields_take_what_z_cannot_explain():
    # z lifts all pixels alike; the mask is the left half: without fields z stays put, with them each side has its own
    parts = {"base": torch.zeros(1, 1, 8, 8), "factor": torch.ones(1, 1, 8, 8), "amplitude": torch.ones(1, 1, 8, 8)}
    mask = torch.zeros(1, 1, 8, 8)
    mask[..., :4] = 1
    found = newton_posterior(parts, mask, spacings=[4], scale=1.5)
    (field,) = found.fields
    assert found.mean.abs().max() < 1e-3
    assert (field[0, :, 0] > 1).all() and torch.allclose(field[0, :, 1], -field[0, :, 0], atol=1e-3)


def test_with_a_gate_who_drew_nothing_says_nothing_of_z():
    parts = {"base": torch.zeros(1, 1, 8, 8), "factor": torch.ones(1, 1, 8, 8), "presence": torch.tensor([1.0])}
    nothing = newton_posterior(parts, torch.zeros(1, 1, 8, 8))
    assert (nothing.mean == 0).all() and (nothing.log_sigma == 0).all() and (nothing.nats == 0).all()
    # p = sigmoid(1) = .731: half of the .269 that shut it lie below u
    assert float(torch.special.ndtr(nothing.u.double())) == pytest.approx((1 - 0.7310586) / 2, abs=1e-6)
    something = newton_posterior(parts, torch.ones(1, 1, 8, 8))
    assert something.mean.min() > 1 and torch.isinf(something.u).all()


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
    assert by_mode.shape == (2, 4) and (by_mode[:, 3] < 1e-3).all()  # three axes act: the fourth mode does nothing
