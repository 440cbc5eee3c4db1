import { preview } from "vite";
import { afterEach, describe, expect, it } from "vitest";
import { archivesIn, archivesTag, archiveUrl, contentPolicy, passOn } from "../../scripts/archives.mjs";
import { type StandIn, standIn } from "../support/archive/stand-in.ts";
import { ctFile, STUDY } from "../support/archive/study.ts";
import { temporaryFolder } from "../support/tools.ts";

const connect = (env: Readonly<Record<string, string>>) =>
  contentPolicy(archivesIn(env))
    .split("; ")
    .find((rule) => rule.startsWith("connect-src"));

describe("what the built page may ask", () => {
  it("is its own origin alone, and it is told of no archive", () => {
    expect(connect({})).toBe("connect-src 'self'");
    expect(archivesTag(archivesIn({}))).toEqual([]);
  });

  it("is also what GRADERSPACE_CONNECT names; nothing else of the policy changes", () => {
    const env = {
      GRADERSPACE_CONNECT: "https://a.example/dicom-web/  https://b.example:8443/x https://a.example/other",
    };
    expect(connect(env)).toBe("connect-src 'self' https://a.example https://b.example:8443");
    const others = (text: string) => text.split("; ").filter((rule) => !rule.startsWith("connect-src"));
    expect(others(contentPolicy(archivesIn(env)))).toEqual(others(contentPolicy(archivesIn({}))));
    const [tag] = archivesTag(archivesIn(env));
    expect(JSON.parse(tag?.attrs?.["content"] as string)).toEqual([
      { base: "https://a.example/dicom-web", host: "a.example" },
      { base: "https://b.example:8443/x", host: "b.example:8443" },
      { base: "https://a.example/other", host: "a.example" },
    ]);
  });

  it("is the Imaging Data Commons where it is named so, with the other way to its files", () => {
    const { sites } = archivesIn({ GRADERSPACE_CONNECT: "idc" });
    expect(connect({ GRADERSPACE_CONNECT: "idc" })).toBe(
      "connect-src 'self' https://proxy.imaging.datacommons.cancer.gov",
    );
    expect(sites).toEqual([
      {
        base: expect.stringMatching(/^https:\/\/proxy\.imaging\.datacommons\.cancer\.gov\/.+\/dicomWeb$/),
        host: "proxy.imaging.datacommons.cancer.gov",
        instead: expect.stringMatching(/^download the series with idc-index/),
        collections: [expect.objectContaining({ name: "LIDC-IDRI", prefix: "LIDC-IDRI-" })],
      },
    ]);
    const [behind] = archivesIn({ GRADERSPACE_PASSED_ON: "proxy.imaging.datacommons.cancer.gov" }).sites;
    expect(behind).toMatchObject({ base: "./dicomweb", collections: [{ name: "LIDC-IDRI" }] });
  });

  it("may be named in links where whoever serves the page says so, and not else", () => {
    const env = { GRADERSPACE_CONNECT: "https://a.example/x", GRADERSPACE_PASSED_ON: "pacs.example" };
    const links = (more: object) => archivesIn({ ...env, ...more }).sites.map((site) => site.links);
    expect(links({})).toEqual([undefined, undefined]);
    expect(links({ GRADERSPACE_LINK_ARCHIVE: "0" })).toEqual([undefined, undefined]);
    expect(links({ GRADERSPACE_LINK_ARCHIVE: "1" })).toEqual([true, true]);
  });

  it("stays its own origin where npm start's server passes requests on", () => {
    const env = { GRADERSPACE_PASSED_ON: "pacs.example" };
    expect(connect(env)).toBe("connect-src 'self'");
    expect(archivesIn(env).sites).toEqual([{ base: "./dicomweb", host: "pacs.example" }]);
  });

  it("holds no login, and is an address", () => {
    expect(() => archiveUrl("https://anna:secret@a.example/")).toThrow(/^The address of an archive must hold no user/);
    for (const odd of ["", "pacs.example", "ftp://pacs.example"]) expect(() => archiveUrl(odd)).toThrow(/no address/);
  });
});

describe("the server of npm start -- --dicomweb", () => {
  let archive: StandIn;
  let close: () => Promise<void>;
  const heard: Record<string, string | string[] | undefined>[] = [];
  const folder = temporaryFolder();
  afterEach(async () => {
    await close();
    await archive.close();
  });

  async function serve(env: Readonly<Record<string, string>> = {}, base?: string): Promise<string> {
    archive = await standIn([ctFile(0, { slices: 1, size: 2 })]);
    heard.length = 0;
    archive.fault = ({ headers }) => {
      heard.push(headers);
      return false;
    };
    const proxy = passOn(base ?? archive.base, env);
    const settings = { host: "127.0.0.1", port: 0, cors: false, proxy };
    const server = await preview({
      configFile: false,
      root: folder,
      build: { outDir: folder },
      logLevel: "silent",
      preview: settings,
    });
    close = () => server.close();
    return `http://127.0.0.1:${(server.httpServer.address() as { port: number }).port}/dicomweb`;
  }

  it("passes requests on with the environment's login, and with no cookie; a login of the page goes before", async () => {
    const here = await serve({ GRADERSPACE_DICOMWEB_USER: "anna", GRADERSPACE_DICOMWEB_PASSWORD: "secret" });
    const answer = await fetch(`${here}/studies?PatientID=ID-77`, { headers: { cookie: "a=b" } });
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(((await answer.json()) as Record<string, unknown>[])[0]?.["0020000D"]).toMatchObject({ Value: [STUDY] });
    expect(archive.asked).toEqual(["GET /dicom-web/studies?PatientID=ID-77"]);
    expect([heard[0]?.["authorization"], heard[0]?.["cookie"]]).toEqual([`Basic ${btoa("anna:secret")}`, undefined]);
    await fetch(`${here}/studies`, { headers: { authorization: "Bearer own" } });
    expect(heard[1]?.["authorization"]).toBe("Bearer own");
  });

  it("does not let the browser ask for a login, or another site read through it", async () => {
    const here = await serve();
    archive.fault = (_, response) =>
      !!response.writeHead(401, { "www-authenticate": "Basic", "set-cookie": "a=b" }).end();
    const { status, headers } = await fetch(`${here}/studies`);
    expect([status, headers.get("www-authenticate"), headers.get("set-cookie")]).toEqual([401, null, null]);
    const asked = archive.asked.length;
    expect((await fetch(`${here}/studies`, { headers: { "sec-fetch-site": "cross-site" } })).status).toBe(404);
    expect(archive.asked).toHaveLength(asked);
  });

  it("says why it does not reach the archive", async () => {
    const here = await serve({}, "http://127.0.0.1:1/dicom-web");
    const { status, headers } = await fetch(`${here}/studies`);
    expect([status, headers.get("x-graderspace-cause")]).toEqual([502, "ECONNREFUSED"]);
  });
});
