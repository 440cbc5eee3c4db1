import { expect } from "@playwright/test";
import { changedFrom, layer, openMore, outline, picture, steadyLook } from "./page.ts";
import { test } from "./started-page.ts";

test("each layer shows another picture with its own legend", async ({ page }) => {
  await openMore(page, "region");
  const region = picture(page, "Region");
  const seen = new Set<string>();
  const legends = new Set<string>();
  for (const name of ["None", "Mean", "Variance", "Entropy", "Disagreement", "Grader disagreement"]) {
    await layer(page, name).check();
    seen.add(await steadyLook(region));
    const legend = page.getByTestId("legend");
    legends.add((await legend.count()) > 0 ? ((await legend.textContent()) ?? "") : "");
  }
  expect(seen.size).toBe(6);
  expect(legends.size).toBe(6);
});

test("each outline can be switched on and off", async ({ page }) => {
  await openMore(page, "region");
  const region = picture(page, "Region");
  for (const name of ["Sample", "All samples", "Quantiles", "Graders", "Majority", "STAPLE"]) {
    const box = outline(page, name);
    const before = await steadyLook(region);
    await box.setChecked(!(await box.isChecked()));
    await changedFrom(region, before);
  }
});
