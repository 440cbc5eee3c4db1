"""The law of how many readers would draw it: a beta-binomial law given that one did, fitted to numbers of a known law."""

import numpy as np
import pytest

from presence_law import fit, log_odds, loss, reliability

TRUTH = (-0.7, 1.1, np.log(3.0))


def readers_of(drawn, draws, seed):
    """k of four readers of each slice by the law TRUTH, slices that nobody drew left out: (drawn, k)."""
    random = np.random.default_rng(seed)
    share = (drawn + 0.5) / (draws + 1)
    mean = 1 / (1 + np.exp(-(TRUTH[0] + TRUTH[1] * np.log(share / (1 - share)))))
    k = random.binomial(4, random.beta(3 * mean, 3 * (1 - mean)))
    return drawn[k > 0], k[k > 0]


def test_a_slice_of_which_half_is_drawn_by_hand():
    # mean 1/2, concentration 2: a = b = 1, every k equally likely, and k = 0 is left out
    odds = np.exp(log_odds((0.0, 1.0, np.log(2.0)), np.array([64.0]), 128, 4))
    assert odds[0] == pytest.approx([0.25] * 4)


def test_the_fit_finds_the_law_that_made_the_readers_though_nobody_s_slices_are_missing():
    drawn = np.random.default_rng(0).integers(0, 129, 40_000).astype(float)
    seen, k = readers_of(drawn, 128, 1)
    assert fit(seen, 128, k, 4) == pytest.approx(TRUTH, abs=0.12)


def test_what_the_image_tells_is_worth_nats_and_a_law_that_is_right_says_what_is_seen():
    drawn = np.random.default_rng(2).integers(0, 129, 20_000).astype(float)
    seen, k = readers_of(drawn, 128, 3)
    flat = fit(seen, 128, k, 4, flat=True)
    assert flat[1] == 0
    assert loss(TRUTH, seen, 128, k, 4) < loss(flat, seen, 128, k, 4) - 0.1
    for fifth in reliability(TRUTH, seen, 128, k, 4):
        assert fifth["said"] == pytest.approx(fifth["seen"], abs=0.03)
