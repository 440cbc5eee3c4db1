import { GraderspaceError } from "../../core/errors.ts";
import { Archive, type SeriesFound } from "../../io/dicomweb/archive.ts";
import idc from "../../io/dicomweb/idc.json" with { type: "json" };
import { openArchiveSeries } from "../../io/dicomweb/series-stack.ts";
import { basicAuthorization } from "../../io/dicomweb/transport.ts";
import { type Opened, openFiles } from "../../io/open/open.ts";
import { NODE_TRANSPORT } from "./node-transport.ts";

/** True for `dicomweb:STUDY` and `dicomweb:STUDY/SERIES`. */
export function isArchiveAddress(word: string): boolean {
  return word.startsWith("dicomweb:");
}

/**
 * The archive at `--server`; `idc`: the Imaging Data Commons. Who enters it is said by the environment alone: GRADERSPACE_DICOMWEB_TOKEN, or
 * GRADERSPACE_DICOMWEB_USER and GRADERSPACE_DICOMWEB_PASSWORD.
 * @throws GraderspaceError BadArgument
 */
export function archiveAt(server: string | undefined): Archive {
  if (server === undefined) throw bad("--server is missing", "give the address of the archive's DICOMweb service");
  const address = server === "idc" ? idc.dicomweb : server;
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || !/^https?:$/.test(url.protocol))
    throw bad(`--server is "${server}"`, "give an address: https://…, or idc");
  if (url.username || url.password) {
    const remedy = "put them in GRADERSPACE_DICOMWEB_USER and GRADERSPACE_DICOMWEB_PASSWORD";
    throw bad("--server holds a user or password", remedy);
  }
  const {
    GRADERSPACE_DICOMWEB_TOKEN: token,
    GRADERSPACE_DICOMWEB_USER: user,
    GRADERSPACE_DICOMWEB_PASSWORD: password = "",
  } = process.env;
  const authorization = token ? `Bearer ${token}` : user ? basicAuthorization(user, password) : null;
  const instead = url.host === idc.host && { instead: idc.instead };
  const access = { base: address.replace(/\/+$/, ""), host: url.host, ...instead };
  return new Archive({ ...access, ...(authorization !== null && { authorization }) }, NODE_TRANSPORT);
}

/**
 * A series of pictures as a stack of which each is fetched when it is read; a series of marks as its files.
 * @throws GraderspaceError BadArgument, and what the archive and the readers throw
 */
export async function openArchiveAddress(word: string, server: string | undefined): Promise<Opened> {
  const [, study, series] = /^dicomweb:([0-9.]{1,64})(?:\/([0-9.]{1,64}))?$/.exec(word) ?? [];
  if (study === undefined) throw bad(`"${word}" is no place in an archive`, "give dicomweb:STUDY/SERIES, both as UIDs");
  const archive = archiveAt(server);
  const all = await archive.series(study);
  const chosen = series === undefined ? onlyOne(all, study) : all.find((one) => one.series === series);
  if (!chosen) throw bad(`the archive has no series ${series} of this study`, "list them with the command archive");
  if (chosen.pictures) {
    const { stack } = await openArchiveSeries(archive, chosen);
    return { kind: "image", stack };
  }
  const metadata = await archive.metadata(chosen);
  const files = metadata.map(async (one, i) => {
    const sop = one.text(0x00080018) ?? "";
    const name = `${chosen.description || chosen.modality} ${i + 1}.dcm`;
    return { name, bytes: await archive.instance({ study, series: chosen.series, sop }) };
  });
  return openFiles(await Promise.all(files));
}

function onlyOne(all: readonly SeriesFound[], study: string): SeriesFound {
  const pictures = all.filter((one) => one.pictures);
  const [only] = pictures;
  if (only && pictures.length === 1) return only;
  const problem = `the study ${study} has ${pictures.length} series of pictures`;
  throw bad(problem, "give one as dicomweb:STUDY/SERIES; the command archive lists them");
}

function bad(problem: string, remedy: string): GraderspaceError {
  return new GraderspaceError("BadArgument", { problem, remedy });
}
