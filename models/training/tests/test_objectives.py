"""The objectives against numbers worked by hand."""

import math

import pytest
import torch

from objectives import (
    antithetic,
    brokenness,
    closing,
    cross_entropy,
    elbo,
    energy_distance,
    flip_average,
    given_drawn,
    kl_diagonal,
    loss_of,
    multi_sample_nll,
    outside_envelope,
    presence_cross_entropy,
    prior_draws,
    shares,
    slider_draws,
    soft_distance,
)
from modes import mode_directions
from network import GraderNet
from tiny import TINY


def test_kl_of_equal_gaussians_is_zero():
    a = torch.tensor([[0.3, -2.0]])
    assert kl_diagonal(a, a, a, a).abs().max() == 0


def test_kl_against_numbers_worked_by_hand():
    # N(1, 1) against N(0, 1): 1/2. N(0, 2) against N(0, 1): -ln 2 + (4 - 1)/2. N(0, 1) against N(0, 2): ln 2 + (1/4 - 1)/2
    q, qs = torch.tensor([1.0, 0, 0]), torch.tensor([0, math.log(2), 0])
    p, ps = torch.zeros(3), torch.tensor([0, 0, math.log(2)])
    expected = [0.5, 1.5 - math.log(2), math.log(2) - 0.375]
    assert kl_diagonal(q, qs, p, ps).tolist() == pytest.approx(expected)


def test_cross_entropy_is_summed_over_pixels_and_averaged_over_images():
    # logit 0 costs ln 2 a pixel: 6 pixels
    assert float(cross_entropy(torch.zeros(2, 1, 2, 3), torch.ones(2, 1, 2, 3))) == pytest.approx(6 * math.log(2))


def test_the_multi_sample_likelihood_is_the_mean_of_the_draws_likelihoods():
    # one pixel, logits 0 and ln 3: p(y = 1) = 1/2 and 3/4, their mean 5/8; p(y = 0) = 1/2 and 1/4, mean 3/8
    logits = torch.tensor([0.0, math.log(3)]).view(1, 2, 1, 1)
    masks = torch.tensor([1.0, 0.0]).view(1, 2, 1, 1)
    assert float(multi_sample_nll(logits, masks)) == pytest.approx(-(math.log(5 / 8) + math.log(3 / 8)) / 2)


def test_the_soft_distance_of_hard_masks():
    a = torch.tensor([1.0, 1, 0]).view(1, 1, 1, 3)
    b = torch.tensor([0.0, 1, 1]).view(1, 1, 1, 3)
    assert float(soft_distance(a, b, eps=0.0)) == pytest.approx(2 / 3)
    assert float(soft_distance(a, b, eps=1.0)) == pytest.approx(1 - 2 / 4)


def test_the_energy_distance_leaves_the_pairs_of_a_sample_with_itself_out():
    # samples (hard) 110 and 011, grader 110, eps 8: d = 1 - 9/11 = 2/11 between them
    logits = torch.tensor([[50.0, 50, -50], [-50, 50, 50]]).view(1, 2, 1, 3)
    grader = torch.tensor([1.0, 1, 0]).view(1, 1, 1, 3)
    assert float(energy_distance(logits, grader)) == pytest.approx(2 * (0 + 2 / 11) / 2 - 2 / 11, abs=1e-6)


def test_graders_and_a_teachers_samples_weigh_half_and_half():
    graders, labels = torch.ones(1, 1, 2, 2), torch.zeros(1, 2, 2, 2)
    logits = torch.full((1, 2, 2, 2), 30.0)  # all marked: distance 0 to the grader, 4/(4 + 1) to an empty mask, eps 1
    weights = shares(graders, labels, 0.5)
    assert weights.tolist() == [0.5, 0.25, 0.25]
    got = energy_distance(logits, torch.cat([graders, labels], 1), 1.0, 1.0, weights)
    assert float(got) == pytest.approx(2 * 0.5 * 0.8)


def test_a_gate_enters_the_energy_distance_as_the_mixture_with_empty_samples():
    """Two outlines under a gate of 1/3 against the energy distance of a set where two of three are empty."""
    torch.manual_seed(0)
    logits, masks = 4 * torch.randn(1, 2, 4, 4), (torch.rand(1, 3, 4, 4) > 0.5).float()
    p = 1 / 3
    s, nothing = torch.sigmoid(logits), torch.zeros(1, 1, 4, 4)
    to = p * soft_distance(s, masks).mean() + (1 - p) * soft_distance(nothing, masks).mean()
    pair = soft_distance(s[:, :1], s[:, 1:]).squeeze()
    among = p * p * pair + 2 * p * (1 - p) * soft_distance(s, nothing).mean()
    got = energy_distance(logits, masks, presence=torch.tensor([p]).logit())
    assert float(got) == pytest.approx(float(2 * to - among), abs=1e-6)
    assert float(energy_distance(logits, masks, presence=torch.tensor([40.0]))) == pytest.approx(
        float(energy_distance(logits, masks)), abs=1e-6
    )


def test_the_energy_distance_is_lowest_where_the_gate_has_the_graders_share():
    # outlines that are the graders' own, drawn by 3 of 4: the gradient is 0 at p = 3/4
    mask = torch.zeros(1, 1, 8, 8)
    mask[..., 2:6, 2:6] = 1
    masks = torch.cat([mask, mask, mask, 0 * mask], 1)
    logit = torch.tensor([0.75]).logit().requires_grad_()
    energy_distance(60 * mask.expand(1, 4, 8, 8) - 30, masks, presence=logit).backward()
    assert float(logit.grad) == pytest.approx(0, abs=1e-5)


def test_under_a_gate_an_empty_mask_is_as_likely_as_it_is_closed():
    # one pixel: p(y = 1) = 1/2 and 3/4, mean 5/8, for y = 0 3/8; gate 1/5: 1/8 and 3/40 + 4/5
    logits, masks = torch.tensor([0.0, math.log(3)]).view(1, 2, 1, 1), torch.tensor([1.0, 0.0]).view(1, 2, 1, 1)
    got = multi_sample_nll(logits, masks, torch.tensor([0.2]).logit())
    assert float(got) == pytest.approx(-(math.log(1 / 8) + math.log(3 / 40 + 4 / 5)) / 2)


def test_the_gate_pays_cross_entropy_against_the_share_who_drew():
    masks = torch.zeros(1, 4, 2, 2)
    masks[0, :3, 0, 0] = 1
    # 3 of 4 drew, p = 1/2: ln 2
    assert float(presence_cross_entropy(torch.zeros(1), masks)) == pytest.approx(math.log(2))


def gated():
    return GraderNet(TINY["tiny-linear"] | {"head": TINY["tiny-linear"]["head"] | {"presence": "gate", "shift": 0.6}})


def test_a_presence_stage_trains_the_gate_alone_and_the_energy_distance_all_of_it():
    net, images, masks = gated(), torch.rand(2, 1, 32, 32), torch.ones(2, 4, 32, 32)
    loss_of(net, images, masks, {"objective": "presence"})[0].backward()
    assert {n.split(".")[0] for n, p in net.named_parameters() if p.grad is not None} == {"presence"}
    loss, shown = loss_of(net, images, masks, {"objective": "energy", "draws": 4, "nll_weight": 0, "presence_weight": 0})
    net.zero_grad()
    loss.backward()
    assert net.presence[2].bias.grad.abs().sum() > 0 and net.factor.weight.grad.abs().sum() > 0
    assert set(shown) == {"nll", "energy", "presence"}


def test_an_empty_mask_gives_its_place_to_an_outline_of_the_same_image_and_none_where_there_is_none():
    masks = torch.zeros(2, 4, 1, 4)
    masks[0, 1, 0, 1] = masks[0, 3, 0, 3] = 1
    seen = {tuple(given_drawn(masks, torch.Generator().manual_seed(k))[0].argmax(-1).flatten().tolist()) for k in range(40)}
    # the first and the third take one of the two outlines each, by chance; who drew keeps what was drawn
    assert seen == {(a, 1, b, 3) for a in (1, 3) for b in (1, 3)}
    assert given_drawn(masks)[1].sum() == 0


def test_given_that_one_is_drawn_the_head_learns_outlines_and_the_gate_alone_who_drew():
    net, images, masks = gated(), torch.rand(2, 1, 32, 32), torch.zeros(2, 4, 32, 32)
    masks[:, :1, 12:20, 12:20] = 1
    stage = {"objective": "energy", "draws": 4, "nll_weight": 0, "given_drawn": True, "presence_weight": 0}
    paid = lambda masks: float(loss_of(net, images, masks, stage, torch.Generator().manual_seed(0))[1]["energy"])
    assert paid(masks) == pytest.approx(paid(masks[:, :1].expand(-1, 4, -1, -1)), abs=1e-6)
    loss_of(net, images, masks, stage)[0].backward()
    assert net.presence[2].bias.grad.abs().sum() == 0 and net.factor.weight.grad.abs().sum() > 0
    told = loss_of(net, images, masks, stage | {"presence_weight": 1})[1]["presence"]
    with torch.no_grad():
        assert float(told) == pytest.approx(float(presence_cross_entropy(net.encode(images)["presence"], masks)), abs=1e-5)


def test_a_teacher_answers_for_the_image_and_for_its_mirror_image_mirrored_back():
    net = GraderNet(TINY["tiny-linear"])
    image = torch.rand(1, 1, 32, 32)
    found = flip_average(net, image, 4, 1, torch.Generator().manual_seed(2))
    generator = torch.Generator().manual_seed(2)
    with torch.no_grad():
        plain = prior_draws(net, image, 4, generator)[0] > 0
        mirrored = prior_draws(net, image.flip(-1), 4, generator)[0].flip(-1) > 0
    assert torch.equal(found, torch.cat([plain, mirrored], 1).float())


def test_a_teacher_asked_for_the_centre_alone_gives_the_centre_of_its_answers():
    architecture = TINY["tiny-linear"] | {"head": TINY["tiny-linear"]["head"] | {"fields": []}}
    net, image = GraderNet(architecture), torch.rand(1, 1, 32, 32)
    whole, middle = (flip_average(net, image, 2, 1, torch.Generator().manual_seed(2), size) for size in (None, 16))
    assert torch.equal(middle, whole[..., 8:24, 8:24])


def test_a_stage_that_distils_pays_for_the_distance_to_its_teacher():
    net, images, masks = gated(), torch.rand(1, 1, 32, 32), torch.zeros(1, 4, 32, 32)
    stage = {"objective": "energy", "draws": 4, "distil": {"draws": 2, "share": 1.0}}
    teachers = gated(), gated()
    for teacher, bias in zip(teachers, (-30.0, 30.0)):
        torch.nn.init.constant_(teacher.mean.bias, bias)
        torch.nn.init.constant_(teacher.envelope.bias, 60.0)
    torch.nn.init.constant_(teachers[1].presence[2].bias, 30.0)
    nothing, everything = (
        float(loss_of(net, images, masks, stage, torch.Generator().manual_seed(0), t)[1]["energy"]) for t in teachers
    )
    with torch.no_grad():
        net.mean.bias.fill_(-30.0)
    now = float(loss_of(net, images, masks, stage, torch.Generator().manual_seed(0), teachers[1])[1]["energy"])
    assert now > everything and nothing != everything


def test_antithetic_draws_come_in_pairs_of_opposite_sign():
    e = antithetic(torch.Generator().manual_seed(1))(2, 6, 4)
    assert e.shape == (2, 6, 4)
    assert torch.equal(e[:, :3], -e[:, 3:])


def batch():
    return torch.rand(2, 1, 32, 32), (torch.rand(2, 4, 32, 32) > 0.7).float()


def silent(net):
    return [k for k, p in net.named_parameters() if p.grad is None or p.grad.abs().max() == 0]


def test_the_elbo_reaches_every_part_of_the_papers_model():
    net = GraderNet(TINY["tiny-prob-unet"])
    loss, shown = elbo(net, *batch())
    loss.backward()
    assert silent(net) == []
    assert shown["kl"].shape == (6,)


def test_free_bits_and_all_graders():
    net = GraderNet(TINY["tiny-prob-unet"])
    generator = torch.Generator()
    free, _ = elbo(net, *batch(), generator.manual_seed(3), free_bits=0.5, graders=4)
    assert torch.isfinite(free)


def test_sharpness_brings_the_energy_distance_to_that_of_samples_cut_at_one_half():
    """Two samples of three pixels, {1,1,0} and {1,0,0} once they are cut; the grader drew {1,1,0}."""
    logits = torch.tensor([[[[0.3, 0.2, -0.4]], [[0.5, -0.1, -0.2]]]])
    grader = torch.tensor([[[[1.0, 1.0, 0.0]]]])
    cut = 2 * (0 + 0.5) / 2 - 0.5  # IoU of {1,1,0} and {1,0,0}: one half
    assert float(energy_distance(logits, grader, eps=0.0, sharpness=200)) == pytest.approx(cut, abs=1e-6)
    assert abs(float(energy_distance(logits, grader, eps=0.0)) - cut) > 0.1


@pytest.mark.parametrize("objective", [multi_sample_nll, energy_distance])
def test_the_sampled_objectives_reach_every_part_but_the_posterior(objective, architecture):
    net = GraderNet(architecture)
    images, masks = batch()
    logits, parts = prior_draws(net, images, 4)
    objective(logits, masks, presence=parts.get("presence")).backward()
    assert [k for k in silent(net) if not k.startswith("posterior")] == []


def test_decoding_the_centre_only_gives_the_centre_of_the_whole():
    architecture = {**TINY["tiny-linear"], "head": {**TINY["tiny-linear"]["head"], "fields": []}}
    net, generator = GraderNet(architecture), torch.Generator()
    images, _ = batch()
    whole, _ = prior_draws(net, images, 4, generator.manual_seed(5))
    part, _ = prior_draws(net, images, 4, generator.manual_seed(5), decode=16)
    assert torch.allclose(whole[..., 8:24, 8:24], part, atol=1e-5)


def test_under_bf16_the_sums_over_pixels_are_made_in_fp32():
    logits, masks = torch.randn(1, 2, 64, 64) - 3, (torch.rand(1, 4, 64, 64) > 0.9).float()
    for objective in (multi_sample_nll, energy_distance):
        with torch.autocast("cpu", torch.bfloat16):
            lowered = objective(logits, masks)
        assert float(lowered) == float(objective(logits, masks))


def test_fields_off_leaves_the_fields_out_of_that_share_of_the_steps():
    torch.manual_seed(0)
    net, images, masks = GraderNet(TINY["tiny-linear"]), torch.rand(1, 1, 32, 32), torch.zeros(1, 4, 32, 32)
    seen, draw = [], net.decode
    net.decode = lambda parts, z, fields=None, *more: seen.append(fields is None) or draw(parts, z, fields, *more)
    for share, wanted in ((0.0, [False] * 8), (1.0, [True] * 8)):
        seen.clear()
        stage = {"objective": "energy", "draws": 2, "fields_off": share}
        for step in range(8):
            loss_of(net, images, masks, stage, torch.Generator().manual_seed(step))
        assert seen == wanted


def test_the_envelope_pays_where_nobody_marked_nearby_and_nowhere_else():
    masks = torch.zeros(1, 4, 8, 8)
    masks[0, 2, :, 0] = 1  # one grader marks the first column: with a reach of 3 the first four of eight are near
    low, high = torch.full((1, 1, 8, 8), -30.0), torch.full((1, 1, 8, 8), 8.0)
    assert outside_envelope(low, masks, reach=3) == pytest.approx(0, abs=1e-6)
    # softplus(8 + 2) = 10.00005 on half of the pixels
    assert outside_envelope(high, masks, reach=3) == pytest.approx(5.0, abs=1e-3)
    near = high.clone()
    near[..., 4:] = -30
    assert outside_envelope(near, masks, reach=3) == pytest.approx(0, abs=1e-6)


def test_closing_fills_a_gap_and_leaves_a_disc_as_it_is():
    split = torch.tensor([[[[0, 0, 0, 1, 0, 0, 1, 0, 0, 0]]]]).float()
    assert closing(split, 1)[0, 0, 0].tolist() == [0, 0, 0, 1, 1, 1, 1, 0, 0, 0]
    disc = (torch.hypot(*torch.meshgrid(torch.arange(-9.0, 10), torch.arange(-9.0, 10), indexing="ij")) < 6).float()
    assert torch.equal(closing(disc[None, None], 3)[0, 0], disc)


def test_a_fragment_fades_and_a_gap_closes_and_a_whole_outline_pays_nothing():
    """A square of 8 by 8 with a cut of one pixel into it, and a fragment of two pixels apart."""
    marked = torch.zeros(16, 24)
    marked[4:12, 2:10] = 1
    assert float(brokenness(4 * marked[None, None] - 2)) == 0
    marked[4:8, 6] = 0
    marked[4, 20:22] = 1
    logits = (4 * marked[None, None] - 2).requires_grad_()
    paid = brokenness(logits, reach=1, eps=0.0)
    # each of the 2 + 4 pixels is wrong by sigmoid(2) = .881, of 62 that are marked
    assert float(paid.detach()) == pytest.approx(6 * 0.8808 / 62, abs=1e-5)
    paid.backward()
    pushed = logits.grad[0, 0]
    assert (pushed[4, 20:22] > 0).all() and (pushed[4:8, 6] < 0).all()  # a step down the gradient: fades, closes
    assert int((pushed != 0).sum()) == 6
    # 6 of 62 are wrong: within a tolerance of a tenth that is a border that wavers
    assert float(brokenness(logits.detach(), reach=1, eps=0.0, tolerance=0.1)) == 0


def test_a_ring_is_filled_however_wide_it_is():
    ring = torch.full((1, 1, 40, 40), -2.0)
    ring[..., 8:32, 8:32] = 2
    ring[..., 12:28, 12:28] = -2
    # the 16 x 16 pixels of the hole are wrong by sigmoid(2), of 24 x 24 - 16 x 16 = 320 that are marked
    assert float(brokenness(ring, eps=0.0)) == pytest.approx(256 * 0.8808 / 320, abs=1e-5)


def test_the_sliders_reach_moves_two_modes_of_a_case_and_trains_the_head():
    torch.manual_seed(0)
    architecture = TINY["tiny-linear"] | {"head": TINY["tiny-linear"]["head"] | {"envelope": False}}
    net, images = GraderNet(architecture), torch.rand(2, 1, 32, 32)
    parts, seen, draw = net.encode(images), [], net.decode
    net.decode = lambda parts, z, fields=None: seen.append((z, fields)) or draw(parts, z, fields)
    logits = slider_draws(net, images, parts, draws=6, modes=3, reach=4.0, generator=torch.Generator().manual_seed(1))
    (z, fields), directions = seen[-1], mode_directions(net, parts, torch.zeros(2, 4), torch.ones(2, 4))
    along = z @ directions.transpose(1, 2)  # the prior is N(0, 1): places in sigma along every mode
    assert logits.shape == (2, 6, 32, 32) and fields is None
    assert ((along.abs() > 1e-4).sum(2) == 2).all() and (along[..., 3:].abs() < 1e-4).all()
    assert 3 < float(along.abs().max()) <= 4
    logits.sum().backward()
    assert net.factor.weight.grad.abs().sum() > 0


def test_a_stage_against_broken_outlines_pays_for_draws_and_for_sliders_by_its_weight():
    torch.manual_seed(0)
    net, images, masks = GraderNet(TINY["tiny-linear"]), torch.rand(2, 1, 32, 32), torch.zeros(2, 4, 32, 32)
    with torch.no_grad():
        net.mean.bias.fill_(0.0)  # ragged outlines: half of the pixels are marked
    stage = {"objective": "energy", "draws": 4}

    def loss(**more):
        return loss_of(net, images, masks, stage | more, torch.Generator().manual_seed(3))

    plain, (paid, shown) = loss()[0], loss(broken_weight=2.0)
    assert float(shown["broken"]) > 0 and float(shown["broken_by_slider"]) > 0
    both = float(shown["broken"] + shown["broken_by_slider"])
    assert float((paid - plain).detach()) == pytest.approx(2 * both, abs=1e-4)
