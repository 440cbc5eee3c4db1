import { existsSync, readFileSync } from "node:fs";

/** Code that the example needs, and that nothing in the first chunk asks for before it runs. */
const CODE = ["src/io/pack/pack.ts", "src/io/numpy/npy.ts", "src/io/raster/png.ts"];

/**
 * Names in the page's head what the first example needs: the default model's files, the first case's pictures and the
 * code for both. The browser asks for them with the first chunk, not after it has run.
 */
export function earlyRequests(model) {
  return {
    name: "early-requests",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle = {} }) {
        const files = Object.values(bundle);
        const chunks = files.filter(({ type }) => type === "chunk");
        const entry = chunks.find(({ isEntry, facadeModuleId }) => isEntry && facadeModuleId?.endsWith("index.html"));
        const known = entry ? reach([entry.fileName], bundle) : new Set();
        const wanted = chunks.filter(({ moduleIds }) => CODE.some((file) => moduleIds.some((id) => id.endsWith(file))));
        const early = [
          ...reach(
            wanted.map(({ fileName }) => fileName),
            bundle,
          ),
        ].filter((file) => !known.has(file));
        const weights = files.map(({ fileName }) => fileName).filter((file) => file.startsWith(`models/${model}/`));
        return [
          ...[...firstExample(), ...weights].map((file) => link({ rel: "preload", as: "fetch", href: `./${file}` })),
          ...early.map((file) => link({ rel: "modulepreload", href: `./${file}` })),
        ];
      },
    },
  };
}

function link(attrs) {
  return { tag: "link", attrs: { ...attrs, crossorigin: "" }, injectTo: "head" };
}

/** Chunks and all that they import at once. */
function reach(names, bundle, found = new Set()) {
  for (const name of names) {
    if (found.has(name) || bundle[name]?.type !== "chunk") continue;
    found.add(name);
    reach(bundle[name].imports, bundle, found);
  }
  return found;
}

/** The files of the case that is shown first; none where the examples are not built. */
function firstExample() {
  const index = new URL("../public/examples/pack.json", import.meta.url);
  if (!existsSync(index)) return [];
  const [first] = JSON.parse(readFileSync(index, "utf8")).cases;
  const masks = first.graders.map(({ mask }) => mask).filter((mask) => mask !== null);
  return ["pack.json", first.slice, ...masks].map((file) => `examples/${file}`);
}
