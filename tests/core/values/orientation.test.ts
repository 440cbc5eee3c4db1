import { describe, expect, it } from "vitest";
import { edgeLetters, planeThrough } from "../../../src/core/values/orientation.ts";

const place = { position: [0, 0, 0], thicknessMm: null } as const;

describe("the letters at a slice's edges", () => {
  it("are R at the left and A at the top of an axial slice of a patient on the back", () => {
    // DICOM's 1\\0\\0\\0\\1\\0: columns go to the patient's left, rows to the back.
    const axial = { ...place, rowDirection: [1, 0, 0], columnDirection: [0, 1, 0] } as const;
    expect(edgeLetters(axial)).toEqual({ left: "R", right: "L", top: "A", bottom: "P" });
  });

  it("turn with the patient: on the belly L is at the left and P at the top", () => {
    const prone = { ...place, rowDirection: [-1, 0, 0], columnDirection: [0, -1, 0] } as const;
    expect(edgeLetters(prone)).toEqual({ left: "L", right: "R", top: "P", bottom: "A" });
  });

  it("are S and I on a coronal slice whose rows go down", () => {
    const coronal = { ...place, rowDirection: [1, 0, 0], columnDirection: [0, 0, -1] } as const;
    expect(edgeLetters(coronal)).toEqual({ left: "R", right: "L", top: "S", bottom: "I" });
  });

  it("of cuts through an axial series have S on top, coronal R to L and sagittal A to P", () => {
    // (1, 0, 0) × (0, 1, 0) = (0, 0, 1): the upper end of the stack is the head's, and rows of a cut go down from it.
    const axial = { rowDirection: [1, 0, 0], columnDirection: [0, 1, 0] } as const;
    expect(edgeLetters(planeThrough("Axial", axial))).toEqual({ left: "R", right: "L", top: "A", bottom: "P" });
    expect(edgeLetters(planeThrough("Coronal", axial))).toEqual({ left: "R", right: "L", top: "S", bottom: "I" });
    expect(edgeLetters(planeThrough("Sagittal", axial))).toEqual({ left: "A", right: "P", top: "S", bottom: "I" });
  });

  it("of cuts through a sagittal series follow its own axes: (0, 1, 0) × (0, 0, −1) = (−1, 0, 0), R on top", () => {
    const sagittal = { rowDirection: [0, 1, 0], columnDirection: [0, 0, -1] } as const;
    expect(edgeLetters(planeThrough("Coronal", sagittal))).toEqual({ left: "A", right: "P", top: "R", bottom: "L" });
  });

  it("are two where the slice lies obliquely, the larger share first, and none for a tilt of few degrees", () => {
    // .8² + .6² = 1: mostly to the left, then to the back; sin 5° = .087 is below .2.
    const tilted = [0, Math.cos(Math.PI / 36), Math.sin(Math.PI / 36)] as const;
    const oblique = { ...place, rowDirection: [0.8, 0.6, 0], columnDirection: tilted } as const;
    expect(edgeLetters(oblique)).toEqual({ left: "RA", right: "LP", top: "A", bottom: "P" });
  });
});
