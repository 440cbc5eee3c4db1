import { XMLParser } from "fast-xml-parser";
import { GraderspaceError } from "../../../core/errors.ts";
import { say, type Text } from "../../../core/language/say.ts";
import { decimalOf } from "../../bytes/decimal.ts";

/** The top of each scale; all begin at 1. */
const TOPS: Readonly<Record<string, number>> = { internalStructure: 4, calcification: 6 };

/** LIDC's nine ratings of a nodule, 1…5 (internalStructure 1…4, calcification 1…6). */
const RATINGS = [
  "malignancy",
  "subtlety",
  "internalStructure",
  "calcification",
  "sphericity",
  "margin",
  "lobulation",
  "spiculation",
  "texture",
] as const;

/** One outline on one slice: the first pixels outside the nodule (or, an exclusion, outside the hole in it). */
export interface LidcContour {
  readonly sopInstanceUid: string | null;
  /** imageZposition in mm. */
  readonly z: number | null;
  /** True where a z is there and is no number. */
  readonly unreadZ?: true;
  /** False: what it encloses is no part of the nodule. */
  readonly inclusion: boolean;
  /** x0, y0, x1, y1, … in pixels of the slice; one point alone marks a nodule under 3 mm. */
  readonly points: Int32Array;
}

interface LidcNodule {
  readonly ratings: Readonly<Record<string, number>>;
  readonly contours: readonly LidcContour[];
}

/** One reading session: what one grader marked. */
interface LidcSession {
  /** "Grader 1" …: LIDC's readers are anonymous, and sessions are not linked across scans. */
  readonly name: string;
  readonly nodules: readonly LidcNodule[];
  /** Marks of structures that are no nodules. */
  readonly nonNodules: number;
}

export interface LidcRead {
  readonly format: "lidc-xml";
  readonly file: string;
  readonly seriesInstanceUid: string | null;
  readonly sessions: readonly LidcSession[];
  /** What was left out of it, as sentences. */
  readonly notes: readonly Text[];
}

/** Reads are mostly under 1 MB, of four sessions and some thirty kinds of tags: these leave room. */
const LARGEST_FILE = 4 << 20;
const MOST_SESSIONS = 32;
const MOST_TAG_NAMES = 200;
const SIDE = 16_384;

type Node = Readonly<Record<string, unknown>>;

/**
 * Reads an LIDC-IDRI CT read: every session, nodule and contour. Entities stay unread, a document type is refused.
 * @throws TooLarge; DamagedFile (no XML, or cut short); NotAnImage (a read of something else than CT)
 */
export function readLidcXml(bytes: Uint8Array, file: string): LidcRead {
  const root = parsed(bytes, file);
  const [message] = nodes(root["LidcReadMessage"]);
  if (!message) throw notThis(root, file);
  const header = node(message["ResponseHeader"]);
  const strange = new Set<string>();
  const sessions = nodes(message["readingSession"]).map((session, index) => ({
    name: `Grader ${index + 1}`,
    nodules: nodes(session["unblindedReadNodule"]).map((from) => nodule(from, file, strange)),
    nonNodules: nodes(session["nonNodule"]).length,
  }));
  if (sessions.length === 0 || sessions.length > MOST_SESSIONS) {
    const many = sessions.length === 0 ? "without a reading session" : `with over ${MOST_SESSIONS} reading sessions`;
    throw new GraderspaceError("DamagedFile", { file, problem: say`it is an LIDC read ${many}` });
  }
  const nodules = sessions.flatMap((session) => session.nodules);
  checkWork(
    nodules.flatMap((each) => each.contours),
    file,
  );
  const listed = [...strange].slice(0, 6).join(", ");
  const notes = strange.size > 0 ? [say`${file}: ratings outside their scale are left out (${listed})`] : [];
  if (nodules.some(({ contours }) => contours.some((each) => each.unreadZ))) {
    notes.push(say`${file}: a z position of its marks is no number and is left out`);
  }
  return { format: "lidc-xml", file, seriesInstanceUid: uid(header?.["SeriesInstanceUid"]), sessions, notes };
}

function parsed(bytes: Uint8Array, file: string): Node {
  if (bytes.length > LARGEST_FILE) {
    throw new GraderspaceError("TooLarge", {
      file,
      problem: say`it is over 4 MiB, and LIDC reads up to 4 MiB are opened`,
    });
  }
  const text = textOf(bytes);
  if (text.includes("<!DOCTYPE")) {
    const problem = say`it declares a document type, which no LIDC read does, and is not read further`;
    throw new GraderspaceError("DamagedFile", { file, problem });
  }
  const names = new Set<string>();
  const parser = new XMLParser({
    updateTag: (name) => {
      names.add(name);
      if (names.size > MOST_TAG_NAMES) throw new RangeError("more kinds of tags than any read has");
      return name;
    },
    processEntities: false,
    parseTagValue: false,
    ignoreAttributes: true,
    ignoreDeclaration: true,
    ignorePiTags: true,
    removeNSPrefix: true,
    maxNestedTags: 16,
  });
  try {
    return node(parser.parse(text, true)) ?? {};
  } catch {
    throw new GraderspaceError("DamagedFile", {
      file,
      problem: say`it is no complete XML`,
      remedy: say`get the file again from TCIA`,
    });
  }
}

function notThis(root: Node, file: string): GraderspaceError {
  if ("IdriReadMessage" in root) {
    return new GraderspaceError("NotAnImage", {
      file,
      problem: say`it is an IDRI read of a chest X-ray, not of a CT`,
      remedy: say`open the read of the CT series, which begins with LidcReadMessage`,
    });
  }
  return new GraderspaceError("UnknownFormat", {
    file,
    problem: say`it is XML, but no LIDC read`,
    remedy: say`open a file that begins with LidcReadMessage`,
  });
}

function nodule(from: Node, file: string, strange: Set<string>): LidcNodule {
  const characteristics = node(from["characteristics"]) ?? {};
  const ratings: Record<string, number> = {};
  for (const name of RATINGS) {
    const said = characteristics[name];
    if (said === undefined || said === "") continue;
    const value = decimalOf(String(said).trim());
    if (Number.isInteger(value) && value >= 1 && value <= (TOPS[name] ?? 5)) ratings[name] = value;
    else strange.add(`${name} ${String(said).slice(0, 20)}`);
  }
  return { ratings, contours: nodes(from["roi"]).map((roi) => contour(roi, file)) };
}

/** UTF-8, or UTF-16 by its mark or by how its first letter lies. */
function textOf(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const little = (first === 0xff && second === 0xfe) || (first === 0x3c && second === 0);
  const big = (first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c);
  return new TextDecoder(little ? "utf-16le" : big ? "utf-16be" : "utf-8").decode(bytes);
}

function contour(from: Node, file: string): LidcContour {
  const edges = nodes(from["edgeMap"]);
  const points = new Int32Array(2 * edges.length);
  for (const [index, edge] of edges.entries()) {
    points[2 * index] = pixel(edge["xCoord"], file);
    points[2 * index + 1] = pixel(edge["yCoord"], file);
  }
  const said = String(from["imageZposition"] ?? "").trim();
  const z = decimalOf(said);
  const inclusion = String(from["inclusion"] ?? "TRUE")
    .trim()
    .toUpperCase();
  if (inclusion !== "TRUE" && inclusion !== "FALSE") {
    const problem = say`the inclusion of a contour is "${inclusion.slice(0, 40)}", neither TRUE nor FALSE`;
    throw new GraderspaceError("DamagedFile", { file, problem });
  }
  return {
    sopInstanceUid: uid(from["imageSOP_UID"]),
    z: Number.isFinite(z) ? z : null,
    ...(said !== "" && !Number.isFinite(z) ? { unreadZ: true } : {}),
    inclusion: inclusion === "TRUE",
    points,
  };
}

/** A file of contours that jump across the picture again and again would keep the page busy for hours. */
function checkWork(contours: readonly LidcContour[], file: string): void {
  let rows = 0;
  let area = 0;
  for (const { points } of contours) {
    let [left, right, top, bottom] = [SIDE, 0, SIDE, 0];
    for (let i = 0; i < points.length; i += 2) {
      const [x, y] = [points[i] as number, points[i + 1] as number];
      [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
      rows += Math.abs(y - (points[(i + 3) % points.length] as number));
    }
    area += Math.max(0, right - left) * Math.max(0, bottom - top);
  }
  if (rows > 1 << 22 || area > 1 << 27) throw wild(file);
}

function wild(file: string): GraderspaceError {
  return new GraderspaceError("DamagedFile", { file, problem: say`its contours have points outside any CT slice` });
}

function node(value: unknown): Node | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Node) : null;
}

/** The parser gives one child as an object, several as a list, and an empty one as its text: a grader without marks. */
function nodes(value: unknown): Node[] {
  if (value === undefined) return [];
  const entries: readonly unknown[] = Array.isArray(value) ? value : [value];
  return entries.map((entry) => node(entry) ?? {});
}

function pixel(value: unknown, file: string): number {
  const said = String(value).trim();
  const place = decimalOf(said);
  if (Number.isNaN(place)) {
    const problem = say`a coordinate of its contours is "${said.slice(0, 40)}", which is no number`;
    throw new GraderspaceError("DamagedFile", { file, problem });
  }
  if (!(place >= 0 && place < SIDE)) throw wild(file);
  return Math.round(place);
}

function uid(value: unknown): string | null {
  return typeof value === "string" && /^[0-9.]{1,64}$/.test(value.trim()) ? value.trim() : null;
}
