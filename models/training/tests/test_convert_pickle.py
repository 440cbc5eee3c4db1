"""A pickle built here as the other repository's, read without running anything that is in it."""

import datetime
import pickle

import numpy as np
import pytest

import convert_pickle
from convert_pickle import NotCrops, cases_of, read_pickle


def crops(count=3, size=16):
    rng = np.random.default_rng(1)
    return {
        f"{k:04}_slice_1_c0": {
            "image": rng.random((size, size)),
            "masks": [(rng.random((size, size)) > 0.5).astype(dtype) for dtype in (np.uint8, bool, np.float64, np.int64)],
            "series_uid": f"1.3.6.{k // 2}",
        }
        for k in range(count)
    }


@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4, 5])
def test_every_protocol_gives_the_same_cases(protocol):
    wanted = crops()
    got = cases_of(read_pickle(pickle.dumps(wanted, protocol=protocol)))
    for k, one in enumerate(wanted.values()):
        masks = np.unpackbits(got["masks"][k], axis=-1)
        assert all((masks[g] == (mask > 0)).all() for g, mask in enumerate(one["masks"]))
        low, high = one["image"].min(), one["image"].max()
        assert np.abs(got["images"][k] - 255 * (one["image"] - low) / (high - low)).max() <= 0.5 + 1e-9
    assert list(got["patient"]) == ["1.3.6.0", "1.3.6.0", "1.3.6.1"]


def test_one_command_writes_what_numpy_and_the_page_read(tmp_path, monkeypatch):
    (tmp_path / "d.pickle").write_bytes(pickle.dumps(crops()))
    monkeypatch.setattr("sys.argv", ["x", str(tmp_path / "d.pickle"), "--out", str(tmp_path / "cases.npz")])
    convert_pickle.main()
    with np.load(tmp_path / "cases.npz") as found:
        assert found["images"].shape == (3, 16, 16) and found["images"].dtype == np.uint8
        assert found["masks"].shape == (3, 4, 16, 2)


class Runs:
    def __reduce__(self):
        return (open, ("ran", "w"))


class Huge:
    def __reduce__(self):
        return (np.ndarray, ((10**10,),))


def test_an_array_without_its_numbers_is_not_made():
    with pytest.raises(NotCrops, match="no pickle"):
        read_pickle(pickle.dumps(Huge()))


@pytest.mark.parametrize("evil", [Runs(), datetime.date(2020, 1, 1), np.array([Runs()], dtype=object)])
def test_no_other_class_is_made(evil, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NotCrops, match="alone are read"):
        read_pickle(pickle.dumps({"a": {"image": evil, "masks": []}}))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "found, says",
    [
        ([], "wanted a dict"),
        ({"a": 1}, "no image and masks"),
        ({"a": {"image": np.zeros(3), "masks": []}}, "shape"),
        ({"a": {"image": np.zeros((2, 2)), "masks": []}}, "are none"),
        ({"a": {"image": np.zeros((2, 2)), "masks": [np.zeros((2, 3))]}}, "another size"),
        ({"a": {"image": np.full((2, 2), np.nan), "masks": [np.zeros((2, 2))]}}, "not finite"),
        ({"a": {"image": "x", "masks": [np.zeros((2, 2))]}}, "no array"),
        ({**crops(1), "b": {"image": np.zeros((2, 2)), "masks": [np.zeros((2, 2))] * 4}}, "than the first"),
    ],
)
def test_what_is_no_crops_is_refused_with_the_reason(found, says):
    with pytest.raises(NotCrops, match=says):
        cases_of(read_pickle(pickle.dumps(found)))


def test_a_broken_pickle_is_refused():
    whole = pickle.dumps(crops())
    for cut in (b"", whole[:50], whole[: len(whole) // 2], b"a letter"):
        with pytest.raises(NotCrops, match="cut short"):
            read_pickle(cut)
