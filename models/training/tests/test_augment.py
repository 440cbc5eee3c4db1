import torch

from augment import augment, blurred, grey_levels, mirror, other_scanner, rescan, turn, warp, warp_grid
import torch.nn.functional as F


def scene():
    masks = torch.zeros(6, 4, 128, 128)
    masks[:, 0, 56:72, 56:72] = 1
    masks[:, 1, 64, 64] = 1  # a lesion of one pixel
    return masks.amax(1, keepdim=True) * 0.8, masks


def test_image_and_masks_are_warped_alike():
    images, masks = scene()
    warped, found = warp(images, masks, warp_grid(6, 128, torch.Generator().manual_seed(1)))
    inside = warped[:, 0][found[:, 0] > 0]
    assert inside.min() > 0.3 and warped[:, 0][found[:, 0] == 0].max() < 0.5


def test_masks_stay_hard_and_a_lesion_of_one_pixel_is_not_erased():
    images, masks = scene()
    for seed in range(5):
        _, found = augment(images, masks, 128, torch.Generator().manual_seed(seed))
        assert set(found.unique().tolist()) <= {0, 1}
        assert (found[:, :2].sum((2, 3)) > 0).all()
        assert found[:, 2:].sum() == 0  # who drew nothing still drew nothing


def test_the_centre_is_cut_out_of_the_same_warp():
    images, masks = scene()
    grid = warp_grid(6, 128, torch.Generator().manual_seed(2))
    _, whole = warp(images, masks, grid)
    _, centre = warp(images, masks, grid[:, 32:96, 32:96])
    assert torch.equal(whole[..., 32:96, 32:96], centre)


def test_the_identity_grid_changes_nothing():
    images, masks = scene()
    eye = torch.eye(2, 3).expand(6, -1, -1)
    same, kept = warp(images, masks, F.affine_grid(eye, (6, 1, 128, 128), align_corners=False))
    assert torch.allclose(same, images, atol=1e-4) and torch.equal(kept, masks)


def test_grey_levels_stay_in_bounds_and_differ():
    found = grey_levels(torch.rand(3, 1, 32, 32), torch.Generator().manual_seed(3))
    assert found.min() >= -0.2 and found.max() <= 1.2
    assert not torch.allclose(found[0], found[1])


def test_the_same_generator_gives_the_same_batch():
    images, masks = scene()
    a, b = (augment(images, masks, 64, torch.Generator().manual_seed(4)) for _ in range(2))
    assert torch.equal(a[0], b[0]) and torch.equal(a[1], b[1])


def test_a_mirrored_crop_has_mirrored_masks_and_about_half_of_them_are():
    images = torch.rand(64, 1, 8, 8)
    masks = (images > 0.7).to(torch.uint8).expand(-1, 4, -1, -1)
    found, kept = mirror(images, masks, 8, torch.Generator().manual_seed(5))
    turned = (found != images).flatten(1).any(1)
    assert torch.equal(found[turned], images[turned].flip(-1)) and torch.equal(found[~turned], images[~turned])
    assert torch.equal(kept, (found > 0.7).float().expand(-1, 4, -1, -1))
    assert 16 < int(turned.sum()) < 48


def test_a_turned_crop_has_one_of_eight_orientations_and_its_masks_with_it():
    image = torch.rand(1, 1, 8, 8)
    images = image.expand(128, -1, -1, -1)
    masks = (images > 0.7).to(torch.uint8).expand(-1, 4, -1, -1)
    found, kept = turn(images, masks, 8, torch.Generator().manual_seed(5))
    assert torch.equal(kept, (found > 0.7).float().expand(-1, 4, -1, -1))
    eight = [torch.rot90(side, k, (-2, -1)) for side in (image[0], image[0].flip(-1)) for k in range(4)]
    seen = [[k for k, one in enumerate(eight) if torch.equal(crop, one)] for crop in found]
    assert sorted({k for (k,) in seen}) == list(range(8))


def test_a_blur_of_a_point_is_a_bell_of_sum_one_and_leaves_an_even_picture_as_it_is():
    point = torch.zeros(1, 1, 9, 9)
    point[..., 4, 4] = 1
    bell = blurred(point)
    assert abs(float(bell.sum()) - 1) < 1e-5
    assert abs(float(bell[0, 0, 4, 4] / bell[0, 0, 4, 5]) - 1.6487) < 1e-3  # e^(1/2): one pixel is one sigma
    assert torch.allclose(blurred(torch.full((1, 1, 9, 9), 0.3)), torch.full((1, 1, 9, 9), 0.3), atol=1e-6)


def test_another_scanner_changes_each_image_by_itself_and_of_strength_zero_nothing():
    images = torch.rand(4, 1, 32, 32, generator=torch.Generator().manual_seed(0))
    assert torch.allclose(other_scanner(images, 0.0), images, atol=1e-6)
    found = other_scanner(images[:1].expand(4, -1, -1, -1), 1.0, torch.Generator().manual_seed(1))
    assert all(not torch.allclose(found[0], one) for one in found[1:])
    correlation = torch.corrcoef(torch.stack([found[2].flatten(), images[0].flatten()]))[0, 1]
    assert correlation > 0.8  # it is the same region still


def test_a_rescanned_crop_keeps_its_masks_in_one_of_eight_orientations():
    images = torch.rand(4, 1, 8, 8)
    masks = (images > 0.7).to(torch.uint8).expand(-1, 4, -1, -1)
    _, kept = rescan(images, masks, 8, torch.Generator().manual_seed(5))
    _, turned = turn(images, masks, 8, torch.Generator().manual_seed(5))
    assert torch.equal(kept, turned)
