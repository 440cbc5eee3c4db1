import { test as base, expect, type Page } from "@playwright/test";
import { archivePage } from "../support/archive/archive-page.ts";
import { standIn } from "../support/archive/stand-in.ts";
import { structuresFile } from "../support/archive/structures.ts";
import { ctFile, idcStudy } from "../support/archive/study.ts";
import { ballSeries } from "../support/ball-series.ts";
import { teachPack } from "../support/teach-pack.ts";
import { violations } from "./judge.ts";
import { frames, openPage, settled } from "./page.ts";
import { tinyModel } from "./systems.ts";

// Every text of the page stands in the catalogues: the pseudo-locale accents those that do, and makes them 40 % longer.

/** Names and signs that are the same in every language, beside words that the pseudo-locale leaves as they are. */
const NAMES = [
  /\btiny-prob-unet(?: \(untrained\)|: prob-unet)?|\bBall \d\b/g, // of the test's own files
  /(?<=[⟧\d]) and (?=[⟦\w])/g, // of a list, which Intl writes and has no pseudo-locale for
  // Of models.
  /(?:[\w-]+(?: [\w-]+)* \(LIDC-IDRI\)|\b\w+-(?:unet|net|heads|vae)[\w-]*|lidc-[\w-]+|unet-ensemble|image2image-vae|prob-unet|m-heads|dropout-unet)/g,
  /[\w./-]+\.(?:png|npy|npz|nii|gz|nrrd|dcm|json|csv|zip|svg|pdf|md|html|seg|safetensors)\b/g,
  /\b(?:lidc|lndb)-[\w-]+/g,
  /\b\d+(?:\.\d+)?\s?(?:mm[²³]?(?:\/px)?|px|ms|s|nats?|MB|kB)\b/g,
  /\b(?:Graderspace|Probabilistic U-Net|U-Net|Dropout|M-Heads|Image2Image|VAE|GED²?|HM-IoU|IoU|Dice|ECE|ICC|KL|ELBO)\b/g,
  /\b(?:PNG|SVG|CSV|zip|DICOM(?:web)?|SEG|RTSTRUCT|NIfTI|NRRD|MetaImage|JSON|HU|CT|MR|STAPLE|TCIA|LIDC(?:-IDRI)?|LIDC|WebGPU|wasm|cpu)\b/g,
  /\b(?:f_comb|f_U-Net|comb|npm|start|sigmoid|log|exp|ln|max|min|softplus|Ctrl|Shift|Esc|px|mm|sha256|LPS)\b/g,
];

/** What a Korean text of the field writes in Latin letters, beside the names. */
const KOREAN_NAMES = [
  /\bdaikon\b|RII-UTHSCSA|BSD 3-Clause|P\(lesion\)|posterior collapse|evidence lower bound|conditional VAE|A (?:Hierarchical )?Probabilistic U-Net/g,
  /\b(?:nats?|Sobol|i\.i\.d\.|iid|MiB|HTML|ReLU|Adam|logits?|Esc|Page (?:Up|Down)|Space|ASSD|HD95|CRPS|PACS|Bland–Altman|Fleiss)\b/g,
  /\b(?:npy|evaluate|nodules|agreement|Fleischner|Lung-RADS|WebAssembly|JavaScript|PyTorch|OHIF|Slicer|IDC|STOW-RS|DICOM SR|mutual|GitHub|GPU|CPU)\b/g,
  /--[\w-]+|`[^`]*`|\?backend=\w+|[\w:/.-]*localhost[\w:/.-]*/g,
  /[A-Z][\wé]+ (?:et al\.|& [A-Z][\wé]+) \d{4}[^;·]*/g,
];

/** Words of what is seen or read out on the page that no catalogue has; `names`: what is the same in every language. */
async function untranslated(page: Page, names: readonly RegExp[] = NAMES): Promise<string[]> {
  const texts = await page.evaluate(() => {
    const found: string[] = [];
    // Formulas, cards of models, what languages and cases are called, and what somebody typed.
    const apart = ".formula, .equation, .markdown, math, code, kbd, [lang], [data-name], .cases, .models, textarea";
    const attributes = ["aria-label", "title", "placeholder", "alt", "aria-valuetext"];
    for (const one of document.body.querySelectorAll("*")) {
      if (one.closest("script, style") || !one.checkVisibility({ visibilityProperty: true })) continue;
      for (const name of attributes) found.push(one.getAttribute(name) ?? "");
      if (one.closest(apart)) continue;
      found.push(
        ...[...one.childNodes].flatMap((node) => (node.nodeType === Node.TEXT_NODE ? (node.nodeValue ?? "") : [])),
      );
    }
    return found;
  });
  return [...new Set(texts)].filter((text) => {
    const plain = names.reduce((rest, name) => rest.replace(name, " "), text);
    // The pseudo-locale leaves none of these letters without a mark on it.
    return (plain.match(/[A-Za-z]{3,}/g) ?? []).some((word) => /[aceinosuyz]/i.test(word));
  });
}

/** What no catalogue has here, and whether the page scrolls sideways on a desk and on a phone. */
async function faults(page: Page, where: string, names: readonly RegExp[] = NAMES): Promise<string[]> {
  const found = (await untranslated(page, names)).map((text) => `${where}: not translated: ${text.slice(0, 160)}`);
  for (const screen of [
    { width: 390, height: 844 },
    { width: 1280, height: 800 },
  ]) {
    await page.setViewportSize(screen);
    await settled(page);
    // Charts measure their place a few frames after it has changed.
    let wide = 1;
    for (let look = 0; look < 30 && wide > 0; look++) {
      await frames(page, 2);
      wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    }
    if (wide > 0) found.push(`${where} at ${screen.width}: the page is ${wide} px too wide`);
  }
  return found;
}

/** The tab, button or option whose place in the English page is known: names are another language's here. */
const place = (page: Page, index: number) => page.locator(".places [role=tab]").nth(index);

/** What is behind a choice within a place. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  Evaluate: ["agreement", "lesions", "teach"],
  Learn: ["train"],
};

/** Looks at every place, its parts and the sheets. */
async function walk(page: Page, look: (where: string) => Promise<string[]>): Promise<string[]> {
  const folded = page.locator("main:visible .panel button.more[aria-expanded=false]");
  while ((await folded.count()) > 0) await folded.first().click();
  const found = await look("Explore");
  for (const key of ["?", "e"]) {
    await page.keyboard.press(key);
    await expect(page.locator("dialog[open] h2")).toBeVisible();
    await frames(page, 3);
    found.push(...(await look(`sheet ${key}`)));
    await page.keyboard.press("Escape");
  }
  const views = ["Explore", "Lesion", "Compare", "Evaluate", "Learn"];
  for (const [index, name] of views.entries()) {
    if (index === 0) continue;
    await place(page, index).click();
    await settled(page);
    found.push(...(await look(name)));
    for (const part of PARTS[name] ?? []) {
      await page.locator(`.strip:visible input[value=${part}]`).check({ force: true });
      await frames(page, 3);
      found.push(...(await look(`${name}, ${part}`)));
    }
  }
  await place(page, 0).click();
  await page.keyboard.press("?");
  await page.locator("dialog[open] .primary + button").click();
  await expect(page.locator("dialog[open] .formula").first()).toBeVisible();
  found.push(...(await look("concepts")));
  await page.keyboard.press("Escape");
  await page.locator(".greeting .primary").click();
  const next = page.locator(".tour .primary");
  for (let step = 1; step <= 3; step++) {
    await settled(page);
    found.push(...(await look(`tour, step ${step}`)));
    await next.click();
  }
  return [...new Set(found)];
}

base("no text of the page is left out of the catalogues, and 40 % longer ones fit", async ({ page }) => {
  await openPage(page, "./?backend=wasm&lang=pseudo");
  await expect(page.locator("html")).toHaveAttribute("lang", "en-XA");
  expect(await walk(page, (where) => faults(page, where))).toEqual([]);
});

base(
  "in Korean no English is left but names, nothing is too wide, and axe finds nothing",
  { tag: "@ci" },
  async ({ page }) => {
    await openPage(page, "./?backend=wasm&lang=ko");
    await expect(page.locator("html")).toHaveAttribute("lang", "ko");
    const names = [...NAMES, ...KOREAN_NAMES];
    const found = await walk(page, async (where) => [
      ...(await faults(page, where, names)),
      ...(await violations(page)).map((fault) => `${where}: ${fault}`),
    ]);
    expect(found).toEqual([]);
  },
);

base("in Korean in the light theme axe finds nothing in any place", { tag: "@ci" }, async ({ page }) => {
  await openPage(page, "./?backend=wasm&lang=ko");
  await page.locator(".themes select").selectOption("light");
  const found: string[] = [];
  for (const place of await page.locator(".places").getByRole("tab").all()) {
    await place.click();
    await settled(page);
    const name = await place.textContent();
    found.push(...(await violations(page)).map((fault) => `${name}: ${fault}`));
  }
  expect(found).toEqual([]);
});

/** What comes of files, of runs and of an archive: what `walk` does not see. Places and buttons by their order. */
async function walkOn(page: Page, look: (where: string) => Promise<string[]>): Promise<string[]> {
  const open = (name: string, bytes: Uint8Array) =>
    page
      .locator('input[type="file"]')
      .first()
      .setInputFiles({ name, mimeType: "", buffer: Buffer.from(bytes) });
  const found: string[] = [];
  // A sentence of each kind of refusal: cut short, not known, not sound inside.
  for (const [name, text] of Object.entries(BROKEN)) {
    await open(name, new TextEncoder().encode(text));
    await expect(page.locator(".alert").filter({ hasText: name })).toBeVisible();
    found.push(...(await look(`refused ${name}`)));
    for (const close of await page.locator(".alert button").all()) await close.click();
  }
  // A joined volume without a place, and its notes; a lesion with results.
  await open("ball.nrrd", new Uint8Array(await ballSeries().arrayBuffer()));
  await expect(page.locator(".said")).toContainText("ball.nrrd");
  await openTinyHere(page);
  await place(page, 1).click();
  await expect(page.locator(".lesion-readers td").first()).toBeVisible();
  await settled(page);
  found.push(...(await look("Lesion with results")));
  await place(page, 2).click();
  await settled(page);
  found.push(...(await look("Compare with two systems")));
  // Evaluate with results, teaching at work, a training at work.
  await place(page, 3).click();
  await open("balls.zip", teachPack(8));
  await expect(page.locator(".said")).toContainText("balls.zip");
  await place(page, 3).click();
  await page.locator(".run-bar .primary").click();
  await expect(page.locator(".overall-panel td").first()).toBeVisible();
  found.push(...(await look("Evaluate with results")));
  const part = (value: string) => page.locator(`.strip:visible input[value=${value}]`).check({ force: true });
  await part("agreement");
  await expect(page.locator(".agreement-presence")).toBeVisible();
  found.push(...(await look("Agreement with results")));
  await part("teach");
  await page.locator(".models").selectOption("lidc-energy-gate"); // one that can be taught
  const teach = page.locator(".run-bar .row button").first();
  await expect(teach).toBeEnabled();
  await teach.click();
  await expect(page.locator(".run-progress")).toBeVisible();
  await teach.click();
  await expect(page.locator(".run-bar .primary")).toBeVisible();
  found.push(...(await look("Teach, paused")));
  await page.locator(".run-bar .row button").nth(1).click();
  await place(page, 4).click();
  await part("train");
  await page.locator(".train-side .primary").click();
  await expect(page.locator(".train-chart path").first()).toBeAttached();
  await expect(page.locator(".train-masks figure").first()).toBeVisible();
  await page.locator(".train-side .primary").click(); // at work it is busy for good
  found.push(...(await look("Train, paused")));
  return [...new Set(found)];
}

/** The study of the stand-in for an archive. */
const CT = { slices: 20, size: 192 };
/** What files of that study say of themselves. */
const OF_THE_STUDY = /DOE JANE|JANE|Thin lung|Nodule \d|Reader \d|127\.0\.0\.1(?::\d+)?|\bAnna\b|\bBen\b/g;

/** The archive: a login, what is searched, a series that is looked at, a nodule that is opened, and what goes back. */
async function walkArchive(
  page: Page,
  look: (where: string) => Promise<string[]>,
  server: Awaited<ReturnType<typeof standIn>>,
): Promise<string[]> {
  const found = await look("Explore with an archive");
  const sheet = page.locator("dialog[open]");
  server.fault = (_, response) => {
    response.writeHead(401, { "www-authenticate": "Basic" }).end();
    return true;
  };
  await page.locator("[data-open-file] ~ button").first().click();
  await sheet.locator(".archive-search .primary").click();
  const login = sheet.locator(".archive-trouble form");
  await expect(login).toBeVisible();
  found.push(...(await look("Archive, a login")));
  server.fault = () => false;
  await login.locator("input").first().fill("anna");
  await login.locator(".primary").click();
  await expect(sheet.locator(".archive-list .link").first()).toBeVisible();
  found.push(...(await look("Archive, studies")));
  await sheet.locator(".archive-list .link").first().click();
  await sheet.getByText("Thin lung").click();
  await expect(sheet.locator(".archive-nodule").first()).toBeVisible();
  found.push(...(await look("Archive, a series")));
  await sheet.locator(".archive-seen ~ .row .primary, .row > .primary").last().click();
  await expect(sheet).toHaveCount(0);
  await settled(page);
  found.push(...(await look("a nodule of an archive")));
  await page.keyboard.press("e");
  const store = sheet.locator(".store-part");
  await store.locator("button").first().click();
  await expect(store.locator(".primary")).toBeVisible();
  found.push(...(await look("Archive, what would be stored")));
  await store.locator(".primary").click();
  await expect(store.getByRole("status")).toBeVisible();
  found.push(...(await look("Archive, stored")));
  return [...new Set(found)];
}

/** Files that are refused, each in another way. */
const BROKEN: Readonly<Record<string, string>> = {
  "short.nrrd": "NRRD0004\ntype: uint8\ndimension: 2\nsizes: 200 200\nencoding: raw\n\nabc",
  "odd.nrrd": "NRRD0004\ntype: complex\ndimension: 2\nsizes: 200 200\nencoding: raw\n\nabc",
  "letter.txt": "not a picture at all",
  "table.json": "{}",
  "empty.png": "",
};

/** Opens a quick model. */
async function openTinyHere(page: Page): Promise<void> {
  await page.locator('input[type="file"]').first().setInputFiles(tinyModel("prob-unet"));
  await expect(page.locator(".models")).toHaveValue(/^tiny-prob-unet/);
  await settled(page);
}

for (const [language, names] of [
  ["pseudo", NAMES],
  ["ko", [...NAMES, ...KOREAN_NAMES]],
] as const)
  base(`what comes of files and runs is in the page's language: ${language}`, { tag: "@ci" }, async ({ page }) => {
    await openPage(page, `./?backend=wasm&lang=${language}`);
    expect(await walkOn(page, (where) => faults(page, where, names))).toEqual([]);
  });

for (const [language, names] of [
  ["pseudo", NAMES],
  ["ko", [...NAMES, ...KOREAN_NAMES]],
] as const)
  base(`what comes of an archive is in the page's language: ${language}`, { tag: "@ci" }, async ({ page }) => {
    const server = await standIn(idcStudy(CT));
    const host = await archivePage(server.base);
    try {
      await openPage(page, `${host.address}?backend=wasm&lang=${language}`);
      const look = (where: string) => faults(page, where, [OF_THE_STUDY, ...names]);
      expect(await walkArchive(page, look, server)).toEqual([]);
      // Regions of an RTSTRUCT are asked about.
      await page
        .locator('input[type="file"]')
        .first()
        .setInputFiles(
          Object.entries({
            "ct.dcm": ctFile(10, CT),
            "rs.dcm": structuresFile({ number: 1, regions: [["Anna", 1] as const, ["Ben", 4] as const] }, CT),
          }).map(([name, bytes]) => ({ name, mimeType: "", buffer: Buffer.from(bytes) })),
        );
      await expect(page.locator("dialog[open]")).toContainText("Anna, Ben");
      expect(await look("regions that are asked about")).toEqual([]);
    } finally {
      await host.close();
      await server.close();
    }
  });

base("another language and back again leave case and z as they were", async ({ page }) => {
  await openPage(page, "./?backend=wasm&lang=en");
  const axis = page.locator(".axis input[type=range]").first();
  await axis.focus();
  await page.keyboard.press("Shift+ArrowRight");
  await settled(page);
  const [z, seen] = [await axis.inputValue(), await page.locator(".cases").inputValue()];
  for (const [language, title] of [
    ["ko", "탐색"],
    ["en", "Explore"],
  ] as const) {
    await page.locator(".languages select").selectOption(language);
    await expect(page.locator("html")).toHaveAttribute("lang", language);
    await expect(place(page, 0)).toHaveText(title);
    expect([await axis.inputValue(), await page.locator(".cases").inputValue()]).toEqual([z, seen]);
  }
});

base("begins in the browser's language, and another one is chosen in the top bar and kept", async ({ browser }) => {
  const context = await browser.newContext({ locale: "ko-KR" });
  const page = await context.newPage();
  await openPage(page);
  await expect(page.locator("html")).toHaveAttribute("lang", "ko");
  await expect(place(page, 0)).toHaveText("탐색");
  const seed = page.url();
  await page.locator(".languages select").selectOption("en");
  await expect(place(page, 0)).toHaveText("Explore");
  expect(page.url()).toBe(seed);
  await page.reload();
  await settled(page);
  await expect(place(page, 0)).toHaveText("Explore");
  await context.close();
});
