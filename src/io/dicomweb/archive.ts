import { say } from "../../core/language/say.ts";
import { JsonDataset } from "./dicom-json.ts";
import { InstanceCache } from "./instance-cache.ts";
import { type AnswerPart, multipartOf } from "./multipart.ts";
import { oddAnswer } from "./refusal.ts";
import type { ArchiveAccess, ArchiveTransport, Asked } from "./transport.ts";
import { type Answer, ArchiveWire, type WireRequest } from "./wire.ts";

/** What studies are searched by; an empty text asks nothing. */
export interface StudyQuery {
  /** Part of a patient's name or the patient's ID. */
  readonly patient?: string;
  /** The patient's ID alone, in the archive's own wildcards. */
  readonly patientId?: string;
  /** YYYYMMDD, or two of them with a hyphen between. */
  readonly date?: string;
  readonly modality?: string;
  readonly description?: string;
  readonly study?: string;
}

export interface StudyFound {
  readonly study: string;
  readonly patientName: string;
  readonly patientId: string;
  /** YYYYMMDD; "" where it is not said. */
  readonly date: string;
  readonly description: string;
  readonly modalities: readonly string[];
  /** Instances in all its series; null where the archive does not say. */
  readonly instances: number | null;
}

export interface SeriesFound {
  readonly study: string;
  readonly series: string;
  readonly modality: string;
  /** Whether it may hold pictures of a scan. */
  readonly pictures: boolean;
  readonly description: string;
  readonly number: number | null;
  /** Null where the archive does not say. */
  readonly instances: number | null;
}

/** One instance of an archive. */
export interface InstanceAddress {
  readonly study: string;
  readonly series: string;
  readonly sop: string;
}

/** A page of a list, and whether there is another. */
export interface Page<T> {
  readonly found: readonly T[];
  readonly more: boolean;
}

/** Modalities of which no picture of a scan comes. */
const NO_PICTURES = new Set(["SEG", "RTSTRUCT", "SR", "PR", "KO", "REG", "RWV", "DOC", "RTPLAN", "RTDOSE", "ANN"]);

/** An archive that speaks DICOMweb (PS3.18): search, retrieval as stored; what was retrieved last is held. */
export class Archive {
  readonly wire: ArchiveWire;
  private readonly cache: InstanceCache;
  /** How the patients of the last search were found. */
  private patients: { readonly text: string; readonly way: Readonly<Record<string, string>> } | null = null;

  constructor(access: ArchiveAccess, transport: ArchiveTransport, cache = new InstanceCache()) {
    this.wire = new ArchiveWire(access, transport);
    this.cache = cache;
  }

  get host(): string {
    return this.wire.host;
  }

  /**
   * QIDO-RS, a page of studies from `offset` on. A patient's text is looked for in names, and where nobody has it, among
   * the IDs, or the other way round; further pages are of what the first one was.
   * @throws as `ArchiveWire.ask`
   */
  async studies(query: StudyQuery, offset: number, limit: number, asked?: Asked): Promise<Page<StudyFound>> {
    const { patient = "", patientId = "", date = "", modality = "", description = "", study = "" } = query;
    const common = {
      ...(study && { StudyInstanceUID: study }),
      ...(patientId && { PatientID: patientId }),
      ...(date && { StudyDate: date }),
      ...(modality && { ModalitiesInStudy: modality }),
      ...(description && { StudyDescription: `*${description}*` }),
      limit: String(limit),
      offset: String(offset),
    };
    const search = async (who: Readonly<Record<string, string>>): Promise<Page<StudyFound>> => {
      const list = await this.wire.askJson(
        `/studies?${new URLSearchParams({ ...who, ...common })}${including("00081030", "00080061", "00201208")}`,
        "the search",
        asked,
      );
      // An archive that knows no pages sends everything.
      const page = list.length > limit ? list.slice(offset, offset + limit) : list;
      const more = list.length > limit ? offset + limit < list.length : list.length === limit;
      return { found: page.map((json) => studyFound(new JsonDataset(json))), more };
    };
    if (!patient) return search({});
    const ways = [{ PatientName: `*${patient}*` }, { PatientID: patient }] as const;
    const known = this.patients?.text === patient && offset > 0 ? [this.patients.way] : ways;
    // What holds a digit is an ID more likely than a name.
    const [first, second] = /\d/.test(patient) ? [...known].reverse() : known;
    const page = await search(first ?? {});
    const way = page.found.length === 0 && second ? second : first;
    this.patients = way ? { text: patient, way } : null;
    return way === second && second ? search(second) : page;
  }

  /** Those with pictures of a scan first, the most numerous before the others. @throws as `ArchiveWire.ask` */
  async series(study: string, asked?: Asked): Promise<readonly SeriesFound[]> {
    const path = `/studies/${study}/series?${including("0008103E", "00201209", "00200011").slice(1)}`;
    const list = await this.wire.askJson(path, "the study's series", asked);
    const found = list.map((json) => seriesFound(new JsonDataset(json), study));
    const rank = ({ pictures }: SeriesFound) => (pictures ? 0 : 1);
    return found.sort((a, b) => rank(a) - rank(b) || (b.instances ?? 0) - (a.instances ?? 0));
  }

  /** WADO-RS metadata: every instance's header without its pixels. @throws as `ArchiveWire.ask` */
  async metadata({ study, series }: Omit<InstanceAddress, "sop">, asked?: Asked): Promise<readonly JsonDataset[]> {
    const list = await this.wire.askJson(`/studies/${study}/series/${series}/metadata`, "the series", asked);
    return list.map((json) => new JsonDataset(json));
  }

  /** The file of an instance as it is stored, in whatever transfer syntax. @throws as `ArchiveWire.ask` */
  instance(address: InstanceAddress, asked: Asked = {}): Promise<Uint8Array> {
    return this.cache.get(address.sop, () => this.fetched(address, asked), asked.signal);
  }

  /** An instance, or a frame of it, could not be read as it came: the next time it is fetched again. */
  forget({ sop }: Pick<InstanceAddress, "sop">, frame: number | null): void {
    this.cache.forget(frame === null ? sop : keyOf(sop, frame));
  }

  /** Bytes of instances that are held at most: what is fetched beyond them pushes out what came before. */
  get mostHeld(): number {
    return this.cache.most;
  }

  /**
   * One frame of an instance, `frame` from 0, as `fileOf` makes a file of its bytes and their transfer syntax.
   * @throws as `ArchiveWire.ask`
   */
  frame(
    address: InstanceAddress,
    frame: number,
    fileOf: (bytes: Uint8Array, syntax: string) => Uint8Array,
    asked: Asked = {},
  ): Promise<Uint8Array> {
    const get = async () => {
      const accept = 'multipart/related; type="application/octet-stream"; transfer-syntax=*';
      const path = `${pathOf(address)}/frames/${frame + 1}`;
      const part = await this.part({ path, accept, what: "the frame" }, asked);
      return fileOf(part.bytes, syntaxOf(part.type));
    };
    return this.cache.get(keyOf(address.sop, frame), get, asked.signal);
  }

  /**
   * Bytes that metadata refer to (BulkDataURI), in a single part or several. The part of the address from the study on is
   * asked at the archive's own base: what it calls itself may be another host. Null where it names no study.
   * @throws as `ArchiveWire.ask`
   */
  async bulk(uri: string, asked: Asked = {}): Promise<Uint8Array | null> {
    const path = /\/studies\/[0-9.]+\/series\/.*$/.exec(uri)?.[0];
    if (path === undefined || path.includes("..")) return null;
    const accept = 'multipart/related; type="application/octet-stream"';
    return (await this.part({ path, accept, what: "bulk data of the instance" }, asked)).bytes;
  }

  private async fetched(address: InstanceAddress, asked: Asked): Promise<Uint8Array> {
    const accept = 'multipart/related; type="application/dicom"; transfer-syntax=*';
    return (await this.part({ path: pathOf(address), accept, what: "the instance" }, asked)).bytes;
  }

  /** The first part of an answer, with its type; the whole answer's where the part says none. */
  private async part(request: Pick<WireRequest, "path" | "accept" | "what">, asked: Asked): Promise<AnswerPart> {
    const whole = (answer: Answer) => multipartOf(answer.bytes, answer.type) !== null;
    const { type, bytes } = await this.wire.ask({ ...request, whole }, asked);
    const part = multipartOf(bytes, type)?.[0];
    const odd = part === undefined || part.bytes.length === 0 || /html|json/i.test(part.type);
    if (!odd) return { ...part, type: /transfer-syntax=/i.test(part.type) ? part.type : `${part.type}; ${type}` };
    throw oddAnswer(this.host, say`it sent ${part?.type || "nothing"} in the place of ${request.what}`);
  }
}

/** What a single frame is held by. */
function keyOf(sop: string, frame: number): string {
  return `${sop}/${frame}`;
}

function pathOf({ study, series, sop }: InstanceAddress): string {
  return `/studies/${study}/series/${series}/instances/${sop}`;
}

/** Transfer syntax of a frame: as the answer says, else the default of its media type (PS3.18 table 8.7.3-2 and -4). */
function syntaxOf(type: string): string {
  const said = /transfer-syntax="?([0-9.]+)/i.exec(type)?.[1];
  return said ?? MEDIA.find(([name]) => type.toLowerCase().startsWith(name))?.[1] ?? "1.2.840.10008.1.2.1";
}

const MEDIA = [
  ["image/jpeg", "1.2.840.10008.1.2.4.70"],
  ["image/dicom-rle", "1.2.840.10008.1.2.5"],
  ["image/x-dicom-rle", "1.2.840.10008.1.2.5"],
  ["image/jls", "1.2.840.10008.1.2.4.80"],
  ["image/x-jls", "1.2.840.10008.1.2.4.80"],
  ["image/jp2", "1.2.840.10008.1.2.4.90"],
] as const;

/** One word each: not every archive takes a list. */
function including(...tags: readonly string[]): string {
  return tags.map((tag) => `&includefield=${tag}`).join("");
}

function studyFound(json: JsonDataset): StudyFound {
  return {
    study: json.text(0x0020000d) ?? "",
    patientName: (json.text(0x00100010) ?? "").replaceAll("^", " ").trim(),
    patientId: json.text(0x00100020) ?? "",
    date: json.text(0x00080020) ?? "",
    description: json.text(0x00081030) ?? "",
    modalities: json.texts(0x00080061),
    instances: json.number(0x00201208),
  };
}

function seriesFound(json: JsonDataset, study: string): SeriesFound {
  const modality = json.text(0x00080060) ?? "";
  return {
    study: json.text(0x0020000d) ?? study,
    series: json.text(0x0020000e) ?? "",
    modality,
    pictures: !NO_PICTURES.has(modality),
    description: json.text(0x0008103e) ?? "",
    number: json.number(0x00200011),
    instances: json.number(0x00201209),
  };
}
