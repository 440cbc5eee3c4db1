/** Which archives the page may ask: none by default. */

import { readFileSync } from "node:fs";

/** The Imaging Data Commons: its addresses and their source. */
const IDC = JSON.parse(readFileSync(new URL("../src/io/dicomweb/idc.json", import.meta.url), "utf8"));

/** Where `npm start`'s server passes requests on to an archive. */
export const PASSED_ON = "./dicomweb";

/**
 * From the environment: GRADERSPACE_CONNECT names addresses of DICOMweb services that the page asks itself, between spaces
 * (`idc`: the Imaging Data Commons); GRADERSPACE_PASSED_ON the host behind `npm start`'s own server. GRADERSPACE_LINK_ARCHIVE
 * that is "1": a link to a view may name studies, series and pictures.
 * @returns {{ sites: { base: string, host: string, instead?: string, links?: true }[], origins: string[] }} origins: what connect-src is widened by
 */
export function archivesIn(env) {
  const addresses = (env.GRADERSPACE_CONNECT ?? "").split(/\s+/).filter(Boolean).map(archiveUrl);
  const asked = addresses.map(siteAt);
  const behind = env.GRADERSPACE_PASSED_ON ? [known({ base: PASSED_ON, host: env.GRADERSPACE_PASSED_ON })] : [];
  const links = env.GRADERSPACE_LINK_ARCHIVE === "1" ? { links: true } : {};
  return {
    sites: [...behind, ...asked].map((site) => ({ ...site, ...links })),
    origins: [...new Set(addresses.map(({ origin }) => origin))],
  };
}

function siteAt(url) {
  return known({ base: url.href.replace(/\/+$/, ""), host: url.host });
}

/** What is known of a public archive beside its address. */
function known(site) {
  const { host, instead, collections } = IDC;
  return site.host === host ? { ...site, instead, collections } : site;
}

/** @throws where it is no address, or holds a login */
export function archiveUrl(text) {
  if (text === "idc") return new URL(IDC.dicomweb);
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new Error(`"${text}" is no address of an archive: give https://…`);
  }
  const url = new URL(text);
  if (url.username || url.password) {
    throw new Error(
      "The address of an archive must hold no user or password: GRADERSPACE_DICOMWEB_USER and GRADERSPACE_DICOMWEB_PASSWORD do.",
    );
  }
  return url;
}

/** The page's Content-Security-Policy: its own origin, and the archives that a host allows. */
export function contentPolicy({ origins }) {
  return [
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self' blob:",
    ["connect-src 'self'", ...origins].join(" "),
    "img-src 'self' blob: data:",
    "style-src 'self' 'unsafe-inline'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

/**
 * What the page is told of its archives, as an attribute of a meta tag.
 * @returns {import("vite").HtmlTagDescriptor[]}
 */
export function archivesTag({ sites }) {
  if (sites.length === 0) return [];
  const attrs = { name: "graderspace-archives", content: JSON.stringify(sites) };
  return [{ tag: "meta", attrs, injectTo: "head-prepend" }];
}

/**
 * The rule by which a server of Vite's passes `/dicomweb/` on to an archive, for pages of its own alone. The login of the
 * environment goes along unless the page sends one; of the answers nothing makes a browser ask for a login or keep one.
 */
export function passOn(address, env) {
  const url = archiveUrl(address);
  const base = url.pathname.replace(/\/+$/, "");
  const login = loginIn(env);
  return {
    "^/dicomweb/": {
      target: url.origin,
      changeOrigin: true,
      rewrite: (path) => base + path.replace(/^\/dicomweb/, ""),
      // Another site that is open in the browser must not read through this server's login.
      bypass: ({ headers }) => ((headers["sec-fetch-site"] ?? "same-origin") === "same-origin" ? undefined : false),
      configure: (proxy) => {
        proxy.on("proxyReq", (request) => {
          for (const name of ["cookie", "origin", "referer"]) request.removeHeader(name);
          if (login && !request.getHeader("authorization")) request.setHeader("authorization", login);
        });
        proxy.on("proxyRes", ({ headers }) => {
          for (const name of ["www-authenticate", "set-cookie"]) delete headers[name];
          headers["cache-control"] = "no-store";
        });
        proxy.on("error", (error, _request, response) => {
          if (response.headersSent || !response.writeHead) return response.destroy?.();
          response.writeHead(502, { "x-graderspace-cause": error.code ?? "UNKNOWN" }).end();
        });
      },
    },
  };
}

function loginIn({ GRADERSPACE_DICOMWEB_TOKEN: token, GRADERSPACE_DICOMWEB_USER: user, ...env }) {
  if (token) return `Bearer ${token}`;
  const password = env.GRADERSPACE_DICOMWEB_PASSWORD ?? "";
  return user ? `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` : null;
}
