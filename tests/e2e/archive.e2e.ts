import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { unzipSync } from "fflate";
import { NODE_TRANSPORT } from "../../src/cli/archive/node-transport.ts";
import { Archive } from "../../src/io/dicomweb/archive.ts";
import { storeInArchive } from "../../src/io/dicomweb/store.ts";
import { archivePage } from "../support/archive/archive-page.ts";
import { hasOrthanc, type OrthancServer, startOrthanc } from "../support/archive/orthanc.ts";
import { type StandIn, standIn } from "../support/archive/stand-in.ts";
import { structuresFile } from "../support/archive/structures.ts";
import { ctFile, idcStudy, STUDY } from "../support/archive/study.ts";
import { complaints, openPage, settled } from "./page.ts";

const CT = { slices: 20, size: 192 };

async function nodulesOf(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Open from archive" }).click();
  const dialog = page.getByRole("dialog", { name: "Open from archive" });
  await dialog.getByLabel("Patient").fill("jane");
  await dialog.getByRole("button", { name: "Search" }).click();
  await dialog.getByRole("button", { name: "DOE JANE", exact: true }).click();
  await dialog.getByRole("button", { name: "Thin lung" }).click();
  await expect(dialog.getByRole("radio", { name: "Nodule 1" })).toBeChecked();
}

async function openNodule(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Open Nodule 1" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.locator(".case-title")).toHaveText("Nodule 1 · Thin lung");
  await settled(page);
}

test.describe("the page without an archive", () => {
  test("asks no other host, and its policy does not let it", async ({ page, baseURL }) => {
    const server = await standIn([]);
    const hosts = new Set<string>();
    page.on("request", (request) => hosts.add(new URL(request.url()).host));
    await openPage(page);
    expect(await page.getByRole("button", { name: "Open from archive" }).count()).toBe(0);
    await expect(page.getByText("Everything stays on your machine.")).toBeVisible();
    const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute("content");
    expect(policy).toMatch(/(^|; )connect-src 'self'(;|$)/);
    const came = await page.evaluate(
      (url) =>
        fetch(url).then(
          () => "an answer",
          () => "nothing",
        ),
      `${server.base}/studies`,
    );
    expect([came, server.asked]).toEqual(["nothing", []]);
    hosts.delete("");
    hosts.delete(new URL(server.base).host); // asked for by the test alone, and refused
    expect([...hosts]).toEqual([new URL(baseURL as string).host]);
    await server.close();
  });
});

test("the regions of an RTSTRUCT are asked about, and are a grader each or one's", { tag: "@ci" }, async ({ page }) => {
  const regions = [["Anna", 1] as const, ["Ben", 4] as const];
  const files = [
    { name: "ct.dcm", mimeType: "application/dicom", buffer: Buffer.from(ctFile(10, CT)) },
    { name: "rs.dcm", mimeType: "application/dicom", buffer: Buffer.from(structuresFile({ number: 1, regions }, CT)) },
  ];
  await openPage(page);
  for (const [answer, drew] of [
    ["Each is a grader", /^\d+ samples · 2 of 2 graders drew$/],
    ["One grader drew all", /^\d+ samples · 1 of 1 graders? drew$/],
  ] as const) {
    await page.locator('input[type="file"]').first().setInputFiles(files);
    const dialog = page.getByRole("dialog", { name: "Graders or one grader?" });
    await expect(dialog).toContainText("holds 2 regions of interest: Anna, Ben.");
    await dialog.getByRole("button", { name: answer }).click();
    await expect(page.getByText(drew)).toBeVisible();
    await settled(page);
  }
});

test.describe("Orthanc behind npm start -- --dicomweb", () => {
  let orthanc: OrthancServer;
  let host: Awaited<ReturnType<typeof archivePage>>;
  test.skip(!hasOrthanc(), "orthanc and orthanc-dicomweb are not installed; .ci/run installs them");
  const validators =
    spawnSync("sh", ["-c", "command -v dciodvfy && /usr/bin/python3 -c 'import pydicom'"]).status === 0;
  test.skip(!validators, "dciodvfy or pydicom is not installed; .ci/run installs them");
  test.beforeAll(async () => {
    orthanc = await startOrthanc({ anna: "secret" });
    const authorization = `Basic ${btoa("anna:secret")}`;
    const archive = new Archive({ base: orthanc.base, host: "orthanc", authorization }, NODE_TRANSPORT);
    expect((await storeInArchive(archive, STUDY, idcStudy(CT))).refused).toEqual([]);
    host = await archivePage(orthanc.base, {
      GRADERSPACE_DICOMWEB_USER: "anna",
      GRADERSPACE_DICOMWEB_PASSWORD: "secret",
    });
  });
  test.afterAll(async () => {
    await host?.close();
    await orthanc?.close();
  });

  test("a nodule is opened with its four readers, samples are drawn, and their segmentation comes back bit by bit", async ({
    page,
  }) => {
    const heard = complaints(page);
    await openPage(page, `${host.address}?backend=wasm`);
    await expect(
      page.getByText(/^Only what you search, open or store in an archive goes to 127\.0\.0\.1:\d+\.$/),
    ).toBeVisible();
    await nodulesOf(page);
    await expect(
      page.getByRole("dialog").getByText("4 readers, 7 slices; reported 1230 mm³, 12.5 mm, malignancy 4"),
    ).toBeVisible();
    await openNodule(page);
    await expect(page.getByText("16 samples · 4 of 4 graders drew")).toBeVisible();

    await page.getByRole("button", { name: "Export" }).click();
    const sheet = page.getByRole("dialog", { name: "Export" });
    for (const other of ["PNG", "maps.npz", "samples.csv", "figures.csv", "figure.png", "session.json"]) {
      await sheet.getByRole("checkbox", { name: new RegExp(`^${other.replace(".", "\\.")}`) }).uncheck();
    }
    await sheet.getByRole("checkbox", { name: "DICOM SEG" }).check();
    await sheet.getByRole("checkbox", { name: "Contours (RTSTRUCT)" }).check();
    await sheet.getByRole("button", { name: "Store in archive" }).click();
    await expect(sheet.getByText(/samples\.seg\.dcm, \d+ kB: a DICOM SEG of \d+ segments/)).toBeVisible();
    await expect(sheet.getByText(/samples\.rtstruct\.dcm, \d+ kB: an RTSTRUCT of \d+ regions/)).toBeVisible();
    await expect(sheet.getByText("into the study of DOE JANE")).toBeVisible();
    await sheet.getByRole("button", { name: "Send", exact: true }).click();
    await expect(sheet.getByRole("status")).toContainText(
      "has stored samples.seg.dcm and samples.rtstruct.dcm in the study of DOE JANE.",
    );
    const saved = page.waitForEvent("download");
    await sheet.getByRole("button", { name: "Download" }).click();
    const files = unzipSync(new Uint8Array(readFileSync(await (await saved).path())));
    expect(heard).toEqual([]);

    const authorization = `Basic ${btoa("anna:secret")}`;
    const archive = new Archive({ base: orthanc.base, host: "orthanc", authorization }, NODE_TRANSPORT);
    const all = await archive.series(STUDY);
    const storedAs = async (modality: string, name: string) => {
      const ours = all.find((one) => one.modality === modality && one.description === name);
      if (!ours) throw new Error(`the ${modality} is not there`);
      const [one] = await archive.metadata(ours);
      return archive.instance({ ...ours, sop: one?.text(0x00080018) as string });
    };
    const folder = mkdtempSync(join(tmpdir(), "graderspace-"));
    const [stored, contours, downloaded] = ["stored", "contours", "downloaded"].map((name) =>
      join(folder, `${name}.dcm`),
    ) as [string, string, string];
    writeFileSync(stored, await storedAs("SEG", "Segmentation samples and graders"));
    writeFileSync(contours, await storedAs("RTSTRUCT", "Contours of samples and graders"));
    writeFileSync(downloaded, files["samples.seg.dcm"] as Uint8Array);
    const program = `import sys, json, pydicom
a, b, c = (pydicom.dcmread(path) for path in sys.argv[1:])
print(json.dumps([a.PixelData == b.PixelData, a.StudyInstanceUID, str(a.PatientName), len(a.SegmentSequence),
 [s.SegmentLabel for s in a.SegmentSequence] == [r.ROIName for r in c.StructureSetROISequence]]))`;
    const read = spawnSync("/usr/bin/python3", ["-c", program, stored, downloaded, contours], { encoding: "utf8" });
    const checked = [stored, contours].map((path) => spawnSync("dciodvfy", [path], { encoding: "utf8" }).stderr);
    rmSync(folder, { recursive: true });
    expect(read.stderr).toBe("");
    const [same, study, patient, segments, alike] = JSON.parse(read.stdout) as unknown[];
    expect([same, study, patient, alike]).toEqual([true, STUDY, "DOE^JANE", true]);
    expect(segments).toBeGreaterThan(16);
    expect(checked.flatMap((said) => said.split("\n").filter((line) => line.startsWith("Error")))).toEqual([]);
  });
});

test.describe("an archive that fails", { tag: "@ci" }, () => {
  let server: StandIn;
  let host: Awaited<ReturnType<typeof archivePage>>;
  test.beforeEach(async ({ page }) => {
    server = await standIn(idcStudy(CT));
    host = await archivePage(server.base);
    await openPage(page, `${host.address}?backend=wasm`);
  });
  test.afterEach(async () => {
    await host.close();
    await server.close();
  });

  test("wants a login: the page asks for it, keeps it nowhere, and goes on", async ({ page }) => {
    const title = await page.locator(".case-title").textContent();
    server.fault = ({ headers }, response) => {
      if (headers.authorization === `Basic ${btoa("anna:secret")}`) return false;
      response.writeHead(401, { "www-authenticate": "Basic" }).end();
      return true;
    };
    await page.getByRole("button", { name: "Open from archive" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Search" }).click();
    await expect(dialog.getByRole("alert")).toContainText(
      "the archive wants a login, or does not accept this one (401); log in.",
    );
    await dialog.getByLabel("User").fill("anna");
    await dialog.getByLabel("Password").fill("secret");
    await dialog.getByRole("button", { name: "Log in" }).click();
    await expect(dialog.getByRole("button", { name: "DOE JANE" })).toBeVisible();
    await expect(page.locator(".case-title")).toHaveText(title as string);
    const kept = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href, document.cookie]),
    );
    expect(kept).not.toMatch(/secret|YW5uYTpzZWNyZXQ/);
  });

  test("ends in the middle of a series: a sentence, the slice on the screen stays, and it goes on later", async ({
    page,
  }) => {
    await nodulesOf(page);
    await openNodule(page);
    await expect(page.getByText(/Fetching slices/)).toHaveCount(0);
    server.fault = (_, response) => {
      response.destroy();
      return true;
    };
    const frame = page.getByRole("slider", { name: "Slice of the stack" });
    await frame.fill("1");
    await expect(page.getByRole("alert")).toContainText("the connection was cut; check the connection and try again");
    await settled(page);
    await expect(page.locator(".case-title")).toHaveText("Nodule 1 · Thin lung");
    server.fault = null;
    await frame.fill("2");
    await expect(page.getByText("2/20")).toBeVisible();
  });
});

test.describe("a page that asks the archive itself", { tag: "@ci" }, () => {
  test("says that the archive refuses it (CORS), keeps the screen, and goes on where the archive allows it", async ({
    page,
  }) => {
    const server = await standIn(idcStudy(CT));
    const host = await archivePage(server.base, {}, { direct: true });
    await openPage(page, `${host.address}?backend=wasm`);
    const title = await page.locator(".case-title").textContent();
    await page.getByRole("button", { name: "Open from archive" }).click();
    const dialog = page.getByRole("dialog", { name: "Open from archive" });
    await dialog.getByRole("button", { name: "Search" }).click();
    await expect(dialog.getByRole("alert")).toHaveText(
      /the browser got no answer: nobody answers there, or the archive does not allow this page \(CORS\); start the page with npm start/,
    );
    await expect(page.locator(".case-title")).toHaveText(title as string);
    server.headers = { "access-control-allow-origin": "*", "access-control-allow-headers": "*" };
    await dialog.getByRole("button", { name: "Try again" }).click();
    await dialog.getByRole("button", { name: "DOE JANE", exact: true }).click();
    await dialog.getByRole("button", { name: "Thin lung" }).click();
    await openNodule(page);
    await host.close();
    await server.close();
  });
});

test.describe("a page that may be linked into an archive", { tag: "@ci" }, () => {
  test("shares a view that opens again from its link, and says what the link holds", async ({ page, context }) => {
    const server = await standIn(idcStudy(CT));
    const host = await archivePage(server.base, {}, { links: true });
    await openPage(page, `${host.address}?backend=wasm`);
    await nodulesOf(page);
    await openNodule(page);
    await page.getByRole("slider", { name: "Slice of the stack" }).fill("12");
    await expect(page.getByText("12/20")).toBeVisible();
    await settled(page);
    await expect.poll(() => page.url()).toContain(`study=${STUDY}`);
    const other = await context.newPage();
    await openPage(other, page.url());
    await expect(other.locator(".case-title")).toHaveText("Nodule 1 · Thin lung");
    await expect(other.getByText("12/20")).toBeVisible();
    await page.getByRole("button", { name: "Share" }).click();
    await expect(page.getByRole("dialog")).toContainText("They stand for a patient");
    await host.close();
    await server.close();
  });
});

test("a public collection is a list of patients with their nodules", { tag: "@ci" }, async ({ page }) => {
  const server = await standIn(idcStudy(CT));
  const collections = [{ name: "LIDC-IDRI", prefix: "ID-", first: 77, last: 90, digits: 2 }];
  const host = await archivePage(server.base, {}, { collections });
  await openPage(page, `${host.address}?backend=wasm`);
  await page.getByRole("button", { name: "Open from archive" }).click();
  const dialog = page.getByRole("dialog", { name: "Open from archive" });
  await dialog.getByRole("button", { name: "List LIDC-IDRI" }).click();
  await expect(dialog.getByRole("row", { name: /ID-77/ })).toContainText("1: 4");
  await dialog.getByRole("button", { name: "DOE JANE", exact: true }).click();
  await dialog.getByRole("button", { name: "Thin lung" }).click();
  await openNodule(page);
  await host.close();
  await server.close();
});

test("memory is level after fifty series of an archive", { tag: "@ci" }, async ({ page }) => {
  const [count, full] = [50, 30]; // 48 slices of 132 kB: 128 MiB are full after 22 series
  const ct = { slices: 48, size: 256 };
  const held = async () => {
    await settled(page);
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("HeapProfiler.collectGarbage");
    await cdp.detach();
    return page.evaluate(async () => {
      const { measureUserAgentSpecificMemory: measure } = performance as unknown as {
        measureUserAgentSpecificMemory(): Promise<{ bytes: number }>;
      };
      return (await measure.call(performance)).bytes;
    });
  };
  const server = await standIn([]);
  const host = await archivePage(server.base);
  await openPage(page, `${host.address}?backend=wasm`);
  let early = 0;
  for (let number = 1; number <= count; number++) {
    const tag = `.${number + 1000}`;
    const here = await standIn(
      Array.from({ length: ct.slices }, (_, k) => ctFile(k, { ...ct, tag })),
      {},
    );
    // One series at a time lies behind the one address: fifty of them would fill the test's own memory.
    server.fault = async (request, response) => {
      const answer = await fetch(`${here.base}${(request.url ?? "").replace(/^\/dicom-web/, "")}`);
      response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" });
      response.end(Buffer.from(await answer.arrayBuffer()));
      return true;
    };
    await page.getByRole("button", { name: "Open from archive" }).click();
    const dialog = page.getByRole("dialog", { name: "Open from archive" });
    if (number > 1) {
      await dialog.getByRole("button", { name: "All series" }).click();
      await dialog.getByRole("button", { name: "All studies" }).click();
    }
    await dialog.getByRole("button", { name: "Search" }).click();
    await dialog.getByRole("button", { name: `DOE JANE ${number + 1000}` }).click();
    await dialog.getByRole("button", { name: "Thin lung" }).click();
    await dialog.getByRole("button", { name: "Open the series alone" }).click();
    await expect(page.getByRole("dialog")).toHaveCount(0);
    // What came shows in the status line only where nothing else does: instances are counted here.
    const came = () => new Set(here.asked.filter((line) => line.includes("/instances/"))).size;
    await expect.poll(came).toBe(ct.slices);
    await settled(page);
    await here.close();
    if (number === full) early = await held();
  }
  const late = await held();
  console.info(`${Math.round(early / 1e6)} MB after ${full} series, ${Math.round(late / 1e6)} MB after ${count}`);
  await host.close();
  await server.close();
  expect(late - early).toBeLessThan(20e6); // 20 series more are 127 MB, their pictures on the screen 5
});
