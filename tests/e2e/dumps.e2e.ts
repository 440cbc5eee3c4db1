import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "@playwright/test";
import { writeZip } from "../../src/io/bytes/zip-write.ts";
import { test } from "./started-page.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const EXAMPLES = join(ROOT, "public/examples");
const SYSTEMS = ["lidc-prob-unet", "lidc-m-heads", "lidc-unet-ensemble"];
const FIGURES = ["ged2", "hm_iou", "diversity", "nestedness", "presence"];
const folder = mkdtempSync(join(tmpdir(), "dumps-"));
test.afterAll(() => rmSync(folder, { recursive: true }));

/** The rows of a table by their row of the pack, each a record of its cells. */
function tableOf(text: string): Record<string, string>[] {
  const [header = "", ...lines] = text.trim().split("\n");
  const names = header.split(",");
  return lines.map((line) => Object.fromEntries(line.split(",").map((cell, i) => [names[i] ?? "", cell])));
}

test("what evaluate dumps of three bundled systems on the six examples has their figures, brought back as samples", {
  tag: "@ci",
}, async ({ page }) => {
  const paths = (readdirSync(EXAMPLES, { recursive: true }) as string[]).filter((path) =>
    statSync(join(EXAMPLES, path)).isFile(),
  );
  const pack = join(folder, "examples.zip");
  writeFileSync(pack, writeZip(Object.fromEntries(paths.map((path) => [path, readFileSync(join(EXAMPLES, path))]))));
  const wanted: Record<string, string>[] = [];
  for (const system of SYSTEMS) {
    const [dump, csv] = [join(folder, `given-${system}.npz`), join(folder, `${system}.csv`)];
    const words = ["evaluate", pack, "--model", system, "--count", "8", "--dump", dump, "--csv", csv];
    execFileSync(process.execPath, ["--import", "tsx", "src/cli.ts", ...words], { cwd: ROOT, stdio: "pipe" });
    wanted.push(...tableOf(readFileSync(csv, "utf8")));
    await page.getByLabel("Files to open").setInputFiles(dump);
    const model = page.getByRole("combobox", { name: "Model", exact: true });
    await expect(model.locator("option:checked")).toHaveText(`given-${system} (8 samples)`);
  }
  expect(wanted).toHaveLength(18);

  await page.getByRole("tab", { name: "Evaluate" }).click();
  await expect(page.getByRole("combobox", { name: "Pack of cases" })).toHaveValue("example");
  for (const box of await page.getByRole("group", { name: "Systems" }).getByRole("checkbox").all()) await box.uncheck();
  for (const system of SYSTEMS) await page.getByRole("checkbox", { name: `given-${system}` }).check();
  await page.getByRole("spinbutton", { name: "Samples" }).fill("8");
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await expect(page.getByText("18 of 18 results")).toBeVisible();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download CSV", exact: true }).click();
  const found = tableOf(readFileSync(await (await download).path(), "utf8"));
  expect(found).toHaveLength(18);
  for (const row of wanted) {
    const same = found.find((one) => one["model"] === `given-${row["model"]}` && one["row"] === row["row"]);
    for (const figure of FIGURES) {
      const [left, right] = [same?.[figure], row[figure]];
      const what = `${figure} of ${row["model"]}, row ${row["row"]}`;
      if (right === "") expect(left, what).toBe("");
      else expect(Math.abs(Number(left ?? Number.NaN) - Number(right)), what).toBeLessThanOrEqual(1e-6);
    }
  }
});
