/** `prepack`: the built page, and the command line as JavaScript that needs no package beside it, in package/. `--built`: dist/ is new already. */
import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { rolldown } from "rolldown";
import { root, run } from "../install.mjs";
import { unhashed } from "./serve.mjs";

const OUT = join(root, "package");
/** Two folders below the package's root, as src/cli is in the repository: paths to models/ are the same. */
const CLI = join(OUT, "cli");

if (!process.argv.includes("--built")) run("node", ["scripts/build.mjs"]);
rmSync(OUT, { recursive: true, force: true });
mkdirSync(CLI, { recursive: true });
const bundle = await rolldown({
  input: join(root, "src/cli.ts"),
  platform: "node",
  plugins: [wasmBeside()],
  transform: { define: { "process.env.GRADERSPACE_COMMIT": JSON.stringify(commit()) } },
});
await bundle.write({
  dir: CLI,
  format: "esm",
  entryFileNames: "graderspace.js",
  chunkFileNames: "[name]-[hash].js",
  minify: true,
});
// tfjs looks for its kernels beside its own code
const kernels = join(root, "node_modules/@tensorflow/tfjs-backend-wasm/dist");
for (const file of readdirSync(kernels).filter((name) => name.endsWith(".wasm"))) {
  copyFileSync(join(kernels, file), join(CLI, file));
}
copyPage();
writeFileSync(join(OUT, "commit.mjs"), `export const COMMIT = ${JSON.stringify(commit())};\n`);

/** The page without its models, which the command line has too: the server finds them there (serve.mjs). */
function copyPage() {
  const page = join(root, "dist");
  cpSync(page, join(OUT, "page"), {
    recursive: true,
    filter: (path) => {
      const plain = unhashed(path.slice(page.length + 1));
      return plain === null || !sameBytes(path, join(root, plain));
    },
  });
}

function sameBytes(path, other) {
  return existsSync(other) && readFileSync(path).equals(readFileSync(other));
}

/** A wasm file that a module names by its place in node_modules comes to lie beside the bundle. */
function wasmBeside() {
  return {
    name: "wasm-beside",
    transform(code, id) {
      if (!id.endsWith(".ts") || !code.includes("import.meta.url")) return null;
      return code.replace(/new URL\(\s*"([^"]+\.wasm)",\s*import\.meta\.url,?\s*\)/g, (_, place) => {
        const file = fileURLToPath(new URL(place, pathToFileURL(resolve(dirname(id), basename(id)))));
        copyFileSync(file, join(CLI, basename(file)));
        return `new URL("./${basename(file)}", import.meta.url)`;
      });
    },
  };
}

function commit() {
  try {
    return execFileSync("git", ["rev-parse", "HEAD"], { cwd: root, stdio: ["ignore", "pipe", "ignore"] })
      .toString()
      .trim();
  } catch {
    return "unknown"; // a downloaded archive has no history
  }
}
