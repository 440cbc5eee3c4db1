"""Worked examples: masks of a few pixels, the arithmetic beside them."""

import math

import numpy as np
import pytest
import torch

from measures import (
    Calibration,
    bootstrap,
    broken_share,
    dice,
    grader_disagreement,
    hard,
    hungarian_iou,
    is_broken,
    largest_parts,
    mean_area,
    nestedness,
    pairwise_iou,
    per_case,
    presence_figures,
    representative,
    size_ratios,
    without_specks,
)


def masks(*rows):
    """[1,N,1,W] of strings of 0 and 1."""
    return torch.tensor([[[int(c) for c in row]] for row in rows])[None].bool()


def test_two_empty_masks_agree_and_an_empty_one_and_a_lesion_do_not():
    iou = pairwise_iou(masks("0000", "1100"), masks("0000", "0110"))
    assert iou.tolist() == [[[1, 0], [0, pytest.approx(1 / 3)]]]


def test_ged_of_identical_sets_is_zero():
    a = masks("1100", "0000", "0110", "1111")
    assert per_case(a, a)["ged2"][0] == pytest.approx(0, abs=1e-6)


def test_ged_of_empty_samples_against_empty_graders_is_zero():
    assert per_case(masks("0000", "0000"), masks("0000", "0000"))["ged2"][0] == pytest.approx(0, abs=1e-7)


def test_ged_of_empty_samples_against_lesions_is_two_less_their_own_spread():
    # d(S,Y) = 1 for both graders; d(S,S') = 0; graders overlap in 1 of 3 pixels: E d(Y,Y') = (0 + 2/3 + 2/3 + 0)/4 = 1/3
    assert per_case(masks("0000"), masks("1100", "0110"))["ged2"][0] == pytest.approx(2 - 0 - 1 / 3)


def test_ged_is_the_biased_one():
    # S = {1100, 0110}, Y = {1100}: E d(S,Y) = (0 + 2/3)/2 = 1/3; E d(S,S') over all pairs, i = j too = 1/3; Y: 0
    found = per_case(masks("1100", "0110"), masks("1100"))
    assert found["ged2"][0] == pytest.approx(2 / 3 - 1 / 3)
    assert found["diversity"][0] == pytest.approx(1 / 3)


def test_hungarian_matching_tiles_both_sides_to_their_least_common_multiple():
    # 2 samples, 3 graders: 6 x 6. Sample 1 fits graders 1 and 2, sample 2 fits grader 3: of the 3 copies of sample 2,
    # 2 get grader 3 and the third gets nothing (0.0); of the 3 copies of sample 1, 3 find a grader: 5 of 6.
    assert hungarian_iou(np.array([[1, 1, 0], [0, 0, 1.0]])) == pytest.approx(5 / 6)


def test_hungarian_matching_of_permuted_sets_is_one():
    assert hungarian_iou(np.eye(4)[[2, 0, 3, 1]]) == 1


def test_nestedness_counts_pairs_of_different_non_empty_samples():
    # pairs: 1100-1110 nested; 1100-0011 not; 1110-0011 not; the empty one and the twin of 1100 make no pair with it
    found = nestedness(masks("1100", "1110", "0011", "0000")[0])
    assert found == pytest.approx(1 / 3)


def test_nestedness_of_equal_samples_is_unknown():
    assert math.isnan(nestedness(masks("1100", "1100", "0000")[0]))


def test_dice():
    assert dice(torch.tensor([1, 1, 0]), torch.tensor([0, 1, 1])) == pytest.approx(0.5)
    assert dice(torch.zeros(3), torch.zeros(3)) == 1
    assert dice(torch.ones(3), torch.zeros(3)) == 0


def test_calibration_weighs_bins_by_their_pixels_and_leaves_the_background_out():
    c = Calibration()
    # three pixels say .85 and a grader in two marked them: |.85 - .5|; one pixel says .2 and .25 marked it; the rest is out
    c.add(np.array([0.85, 0.85, 0.85, 0.2, 0.0]), np.array([0.5, 0.5, 0.5, 0.25, 0.0]))
    assert c.ece() == pytest.approx((3 * 0.35 + 0.05) / 4)


def test_the_interval_resamples_patients_and_leaves_unknown_values_out():
    low, high = bootstrap([0, 0, 0, 1, 1, math.nan], [1, 1, 1, 2, 2, 3])
    assert (low, high) == (0, 1)  # two patients: a resample may hold one of them only
    assert bootstrap([0.5] * 4, [1, 2, 3, 4]) == [0.5, 0.5]


def test_no_interval_is_made_of_nothing():
    assert bootstrap([math.nan, math.nan], [1, 2]) is None
    assert bootstrap([math.nan, 2.0], [1, 2]) == [2.0, 2.0]


def drawing(*rows):
    """bool [H,W] of rows of # and dots."""
    return np.array([[c == "#" for c in row] for row in rows])


WHOLE = drawing(".###.", ".###.", ".###.")
IN_PARTS = drawing("####.", "####.", ".....", "#....")
BY_A_CORNER = drawing("####.", "####.", "....#")  # 9 pixels of a hull of 12
CRESCENT = drawing("#####", "#....", "#....", "#....")  # 8 of a hull of 14
SPECK = drawing("##..#")


def test_an_outline_in_parts_or_shaped_like_a_crescent_is_broken_and_a_speck_does_not_tell():
    assert [is_broken(m) for m in (WHOLE, IN_PARTS, BY_A_CORNER, CRESCENT, SPECK)] == [False, True, False, True, None]


def test_the_share_of_broken_outlines_is_among_those_that_tell():
    both = np.stack([np.pad(m, ((0, 4 - len(m)), (0, 0))) for m in (WHOLE, IN_PARTS, SPECK)])
    assert broken_share(both) == 0.5
    assert math.isnan(broken_share(both[2:]))


def test_the_largest_part_is_kept_alone():
    kept = largest_parts(np.stack([IN_PARTS, np.zeros_like(IN_PARTS)]))
    assert kept[0].sum() == 8 and not kept[0, 3].any() and not kept[1].any()


def test_specks_are_dropped_beside_the_lesion_but_the_lesion_stays_however_small():
    rows = masks("1110110", "0110100", "1010000", "0000000")[0, :, 0].numpy()[:, None]
    kept = without_specks(rows, 3)
    assert ["".join(str(int(v)) for v in m[0]) for m in kept] == ["1110000", "0110000", "1000000", "0000000"]


def test_parts_as_large_as_the_bound_stay_and_corners_join():
    mask = np.zeros((1, 5, 8), bool)
    mask[0, 0, 0] = mask[0, 1, 1] = True  # two pixels by a corner: one part of 2
    mask[0, 3:5, 5:8] = True
    assert np.array_equal(without_specks(mask, 2), mask)
    assert without_specks(mask, 3).sum() == 6


def test_probabilities_are_cut_at_one_half_and_freed_of_specks_where_the_config_says_so():
    p = torch.tensor([0.5, 0.9, 0.0, 0.7])[None, None, None]
    assert hard(p)[0, 0, 0].tolist() == [True, True, False, True]
    assert hard(p, 2)[0, 0, 0].tolist() == [True, True, False, False]


def test_the_part_of_ged_that_is_drawn_or_not():
    # 3 of 4 samples are not empty, 1 of 2 graders drew: 2 (.75 - .5)^2; the model itself says .9: (.9 - .5)^2
    found = presence_figures(masks("1", "1", "1", "0"), masks("1", "0"), [0.9])
    assert found["presence"][0] == 0.75 and found["ged2_presence"][0] == pytest.approx(0.125)
    assert found["presence_brier"][0] == pytest.approx(0.16)


def test_ged_of_masks_that_are_whole_or_nothing_is_its_presence_part():
    samples, graders = masks("11", "11", "11", "00"), masks("11", "00")
    assert per_case(samples, graders)["ged2"][0] == pytest.approx(presence_figures(samples, graders)["ged2_presence"][0])


def test_disagreement_of_graders_leaves_out_each_with_itself():
    # pairs: 1100 and 0110 differ by 2/3, 1100 and 0000 by 1, 0110 and 0000 by 1
    assert grader_disagreement(masks("1100", "0110", "0000"))[0] == pytest.approx((2 / 3 + 1 + 1) / 3)


def test_samples_that_stand_for_all_take_turns_between_two_places():
    d = 1.0 - np.kron(np.eye(2), np.ones((3, 3)))  # two places, three samples each
    assert representative(d, 2) == [0, 3] and representative(d, 4) == [0, 3, 1, 4]


def test_chosen_samples_have_a_lower_energy_distance_to_all_than_the_first_ones():
    points = np.random.default_rng(0).normal(size=(64, 2))
    d = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))

    def energy(few):
        return 2 * d[few].mean() - d[np.ix_(few, few)].mean() - d.mean()

    chosen = representative(d, 8)
    assert len(set(chosen)) == 8 and energy(chosen) < energy(list(range(8))) / 3


def test_the_bias_of_size_is_of_cases_binned_by_the_mean_of_samples_and_graders():
    samples, graders = np.array([20.0, 60, 80]), np.array([40.0, 40, 100])
    # sizes 30, 50, 90: the first alone in 20-50, 140/140 in 50-100
    assert size_ratios(samples, graders) == {"20-50": 0.5, "50-100": 1.0, "100-300": None, "300-": None}


def test_the_mean_area_is_of_the_masks_that_are_not_empty():
    area = mean_area(torch.cat([masks("1110", "1000", "0000"), masks("0000", "0000", "0000")]))
    assert area[0] == 2 and math.isnan(area[1])
