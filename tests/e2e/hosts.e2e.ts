import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as zlib from "node:zlib";
import { expect, test } from "@playwright/test";
import { caddyHost } from "../support/caddy-host.ts";
import { nginxHost } from "../support/nginx-host.ts";
import { openPage, settled, slider } from "./page.ts";

const dist = resolve(import.meta.dirname, "../../dist");
test.use({ serviceWorkers: "allow" });

interface Host {
  readonly address: string;
  /** Values of `content-encoding` that it packs with. */
  readonly packings: readonly string[];
  end(): void;
}

/** Only of newer Node: there zstd is checked to the byte, else by its name alone. */
const { zstdDecompressSync } = zlib as { zstdDecompressSync?: (packed: Buffer) => Buffer };
const UNPACK: Readonly<Record<string, ((packed: Buffer) => Buffer) | undefined>> = {
  gzip: zlib.gunzipSync,
  br: zlib.brotliDecompressSync,
  zstd: zstdDecompressSync,
};

function found(program: string): string {
  const path = spawnSync("sh", ["-c", `command -v ${program} || ls /usr/sbin/${program}`], { encoding: "utf8" });
  return path.stdout.trim();
}

/** As it came, not unpacked. */
function askedOf(host: Host, path: string, encoding: string) {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>((found, failed) => {
    get(new URL(path, host.address), { headers: { "accept-encoding": encoding } }, (answer) => {
      const parts: Buffer[] = [];
      answer.on("data", (part: Buffer) => parts.push(part));
      answer.on("end", () =>
        found({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(parts) }),
      );
    }).on("error", failed);
  });
}

const anyOf = (place: string, name: RegExp) => {
  const file = readdirSync(join(dist, place)).find((one) => name.test(one));
  return `${place}/${file}`;
};

for (const [name, start] of [
  ["nginx", nginxHost],
  ["caddy", caddyHost],
] as const) {
  test.describe(`behind ${name}`, () => {
    const program = found(name);
    if (!program) console.warn(`SKIPPED: ${name} is not installed; .ci/run installs it`);
    test.skip(!program, `${name} is not installed`);

    let folder: string;
    let host: Host;
    const asked = (path: string, encoding: string) => askedOf(host, path, encoding);

    test.beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), `graderspace-${name}-`));
      chmodSync(folder, 0o755); // nginx's worker is another user where it is started by root
      cpSync(dist, join(folder, "dist"), { recursive: true });
      host = await start(program, folder, join(folder, "dist"));
    });

    test.afterAll(() => {
      host?.end();
      rmSync(folder, { recursive: true, force: true });
    });

    test(`${name} gives the headers, types and packing that docs/hosting.md promises`, { tag: "@ci" }, async () => {
      const script = anyOf("assets", /^begin-.*\.js$/);
      const types: Record<string, RegExp> = {
        "": /^text\/html/,
        [script]: /javascript/,
        [anyOf("assets", /\.css$/)]: /^text\/css/,
        [anyOf("assets", /\.wasm$/)]: /^application\/wasm/,
        "manifest.webmanifest": /^application\/manifest\+json/,
        "icon.svg": /^image\/svg\+xml/,
      };
      for (const [path, type] of Object.entries(types)) {
        const { status, headers } = await asked(path, "identity");
        expect([path, status, headers["content-type"]]).toEqual([path, 200, expect.stringMatching(type)]);
        expect(headers).toMatchObject({
          "cross-origin-opener-policy": "same-origin",
          "cross-origin-embedder-policy": "require-corp",
          "x-content-type-options": "nosniff",
          "referrer-policy": "no-referrer",
          "content-security-policy": expect.stringContaining("frame-ancestors 'none'"),
          "cache-control": path.startsWith("assets/") ? "max-age=31536000, immutable" : "no-cache",
        });
      }
      expect((await asked("sw.js", "identity")).headers["cache-control"]).toBe("no-cache");
      expect((await asked("none.js", "identity")).status).toBe(404);

      const plain = readFileSync(join(dist, script));
      for (const packing of host.packings) {
        const packed = await asked(script, packing === "gzip" ? "gzip" : `${packing}, gzip;q=0.5`);
        expect(packed.headers["content-encoding"]).toBe(packing);
        expect(packed.body.length).toBeLessThan(plain.length);
        expect(UNPACK[packing]?.(packed.body).equals(plain) ?? true).toBe(true);
      }
    });

    for (const path of ["", "graderspace/"]) {
      test(`the page behind ${name} at /${path} is isolated, and a deep link brings its view back`, {
        tag: "@ci",
      }, async ({ page }) => {
        const refused: string[] = [];
        page.on("console", (said) => {
          if (/Content Security Policy|Refused to/.test(said.text())) refused.push(said.text());
        });
        const address = new URL(path, host.address).href;
        await openPage(page, `${address}?backend=wasm`);
        expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
        await slider(page, "mode 1").press("Shift+ArrowRight");
        await expect.poll(() => page.url()).toMatch(/z=h/);
        const link = page.url();
        const moved = await slider(page, "mode 1").inputValue();
        await page.goto("about:blank");
        await page.goto(link);
        await settled(page);
        expect(await slider(page, "mode 1").inputValue()).toBe(moved);
        expect(refused).toEqual([]);
      });
    }

    test(`a second deploy behind ${name} is told, for the page itself is asked for anew`, { tag: "@ci" }, async ({
      page,
    }) => {
      await openPage(page, `${host.address}?backend=wasm`);
      await expect
        .poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state ?? "none"))
        .toBe("activated");
      const change = (file: string, from: RegExp, to: string) => {
        const at = join(folder, "dist", file);
        const text = readFileSync(at, "utf8");
        expect(text).toMatch(from);
        writeFileSync(at, text.replace(from, to));
      };
      change("index.html", /<head>/, '<head><meta name="deploy" content="second">');
      change("sw.js", /url:"index.html",revision:"[^"]*"/, 'url:"index.html",revision:"second"');
      await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
      const notice = page.getByRole("alert").filter({ hasText: "A new version is here: reload" });
      await notice.getByRole("button", { name: "Reload" }).click();
      await expect(page.locator("meta[name=deploy]")).toHaveAttribute("content", "second");
      await settled(page);
    });
  });
}
