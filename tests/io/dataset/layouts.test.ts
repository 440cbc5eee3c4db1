import { describe, expect, it } from "vitest";
import { readersLayout } from "../../../src/io/dataset/layouts.ts";

describe("the layout of a folder", () => {
  it("of crops as they came with the HPU-Net: four masks beside each picture, below the parts of the data", () => {
    const gt = [3, 0, 2, 1].map((l) => `lidc/val/gt/LIDC-IDRI-0007/z-105.0_c0_l${l}.png`);
    const image = "lidc/val/images/LIDC-IDRI-0007/z-105.0_c0.png";
    expect(readersLayout([...gt, image, "lidc/val/images/LIDC-IDRI-0008/alone.png", "lidc/LICENSE"])).toEqual({
      kind: "hpu-net crops",
      images: [
        {
          id: "z-105.0_c0",
          patient: "LIDC-IDRI-0007",
          split: "val",
          image,
          readers: [0, 1, 2, 3].map((l) => ({
            name: `Grader ${l + 1}`,
            file: gt.find((name) => name.includes(`_l${l}`)),
          })),
        },
      ],
    });
    expect(readersLayout(["images/a.png", "gt/a_l0.png", "gt/a_l1.png"])?.images[0]).toMatchObject({
      patient: "a",
      split: null,
    });
  });

  it("of BIDS: one `desc-` a reader, the image of the same entities without it", () => {
    const files = [
      "d/sub-01/ct/sub-01_ses-1_ct.nii.gz",
      "d/derivatives/r/sub-01/ct/sub-01_ses-1_desc-anna_mask.nii.gz",
      "d/derivatives/r/sub-01/ct/sub-01_ses-1_space-orig_desc-ben_label-nodule_mask.nii.gz",
      "d/derivatives/r/sub-02/ct/sub-02_ses-1_desc-anna_mask.nii.gz",
    ];
    const found = readersLayout(files);
    expect(found?.kind).toBe("BIDS");
    expect(found?.images).toEqual([
      {
        id: "sub-01_ses-1",
        patient: "sub-01",
        split: null,
        image: files[0],
        readers: [
          { name: "anna", file: files[1] },
          { name: "ben", file: files[2] },
        ],
      },
    ]);
  });

  it("as nnU-Net's, with a folder of labels for each reader; further channels are no images of their own", () => {
    const files = [
      "D/imagesTr/n1_0000.nii.gz",
      "D/imagesTr/n1_0001.nii.gz",
      "D/labels_10/n1.nii.gz",
      "D/labels_2/n1.nii.gz",
    ];
    expect(readersLayout([...files, "D/dataset.json"])).toEqual({
      kind: "nnU-Net",
      images: [
        {
          id: "n1",
          patient: "n1",
          split: "Tr",
          image: files[0],
          readers: [
            { name: "labels_2", file: files[3] },
            { name: "labels_10", file: files[2] },
          ],
        },
      ],
    });
  });

  it("is none where only one reader drew, or nothing is named so", () => {
    expect(readersLayout(["D/imagesTr/n1_0000.nii.gz", "D/labelsTr/n1.nii.gz"])).toBeNull();
    expect(readersLayout(["a/1.dcm", "a/2.dcm", "x.xml"])).toBeNull();
    expect(readersLayout([])).toBeNull();
  });
});
