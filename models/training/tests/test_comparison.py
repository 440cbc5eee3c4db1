"""Systems are held against each other slice by slice, whole patients resampled."""

import numpy as np
import pytest

from comparison import paired, row


def figures(ged2, rows=(0, 1, 2, 3)):
    ged2 = np.array(ged2, float)
    other = {k: np.full(len(ged2), 0.5) for k in ("hm_iou", "diversity", "nestedness", "dice")}
    return {"counts": np.array([1, 16]), "patients": np.array([1, 1, 2, 2]), "rows": np.array(rows),
            "ged2": ged2, "ged2@1": 2 * ged2, **other}  # fmt: skip


def test_a_system_that_is_better_by_the_same_on_every_slice_is_better_for_sure():
    better, worse = figures([0.1, 0.2, 0.3, 0.4]), figures([0.2, 0.3, 0.4, 0.5])
    difference, low, high = paired(better, worse)
    assert difference == pytest.approx(-0.1)
    assert (low, high) == (pytest.approx(-0.1), pytest.approx(-0.1))


def test_a_difference_that_turns_with_the_patient_has_an_interval_round_0():
    one, other = figures([0.1, 0.1, 0.3, 0.3]), figures([0.2, 0.2, 0.2, 0.2])
    difference, low, high = paired(one, other)
    assert difference == pytest.approx(0)
    assert low == pytest.approx(-0.1) and high == pytest.approx(0.1)


def test_different_slices_are_not_compared():
    with pytest.raises(ValueError, match="different slices"):
        paired(figures([1, 1, 1, 1]), figures([1, 1, 1, 1], rows=(0, 1, 2, 9)))


def test_a_row_gives_each_count_its_interval_and_the_size():
    line = row("one", figures([0.2, 0.2, 0.2, 0.2]), (0.91, 1.8))
    assert line == "| one | 0.400 (0.400–0.400) | 0.200 (0.200–0.200) | 0.500 | 0.500 | 0.500 | 0.500 | 0.91 | 1.8 |"
