import { expect, it } from "vitest";
import { methodOfArray, methodOfPath, nameFromFile } from "../../../src/io/samples/sample-name.ts";

it("a file or a folder says the method behind `samples_`, without its number and ending", () => {
  expect(methodOfPath("samples_flow-001.png")).toBe("flow");
  expect(methodOfPath("study/samples_my flow/7.png")).toBe("my flow");
  expect(methodOfPath("samples_unet_v2.nii.gz")).toBe("unet_v2");
  expect(methodOfPath("samples_flow.zip/1.png")).toBe("flow");
  expect([methodOfPath("samples.png"), methodOfPath("samples_.png"), methodOfPath("mysamples_a.png")]).toEqual([
    null,
    null,
    null,
  ]);
});

it("an array says it in the same way, and the number behind it is its own", () => {
  expect(methodOfArray("samples_flow_2")).toBe("flow_2");
  expect([methodOfArray("samples"), methodOfArray("masks")]).toEqual([null, null]);
});

it("a file that says nothing offers the beginning of its name", () => {
  expect(nameFromFile("a/diffusion-012.png")).toBe("diffusion");
  expect(nameFromFile(".png")).toBe(".png");
});
