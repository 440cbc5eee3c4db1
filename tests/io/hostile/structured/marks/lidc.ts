import type { ErrorTag } from "../../../../../src/core/errors.ts";
import { between, kindsOf, type Mutant, NO_NUMBERS, pick, type Roll, refused, words } from "../mutant.ts";
import { sliceOf } from "./onto.ts";

const [WIDTH, HEIGHT] = [24, 20];
const UID = "1.2.3.4";
const Z = -75.5;

/** A rectangle as a reader draws it: the first pixels outside. */
interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Session {
  readonly box: Box;
  readonly rating: number;
}

function seedOf(roll: Roll): Session[] {
  return Array.from({ length: between(roll, 1, 4) }, () => ({
    box: { x: between(roll, 1, 9), y: between(roll, 1, 6), width: between(roll, 2, 10), height: between(roll, 2, 8) },
    rating: between(roll, 1, 5),
  }));
}

interface Texts {
  /** Of a coordinate. */
  readonly number?: (value: number) => string;
  readonly z?: string;
  readonly uid?: string;
  readonly series?: string;
  readonly inclusion?: string;
  readonly rating?: (value: number) => string;
  readonly extra?: string;
}

/** Every pixel of the outline, in order: readers drew without gaps. */
const outline = ({ x, y, width, height }: Box): [number, number][] => {
  const [right, bottom] = [x + width + 1, y + height + 1];
  const across = Array.from({ length: width + 1 }, (_, i) => i);
  const down = Array.from({ length: height + 1 }, (_, i) => i);
  return [
    ...across.map((i): [number, number] => [x + i, y]),
    ...down.map((i): [number, number] => [right, y + i]),
    ...across.map((i): [number, number] => [right - i, bottom]),
    ...down.map((i): [number, number] => [x, bottom - i]),
    [x, y],
  ];
};

function xmlOf(sessions: readonly Session[], texts: Texts = {}, gap = ""): string {
  const { number = String, z = `${Z}`, uid = UID, series = "1.2.3", inclusion = "TRUE", rating = String } = texts;
  const edge = ([x, y]: [number, number]) =>
    `<edgeMap>${gap}<xCoord>${number(x)}</xCoord><yCoord>${number(y)}</yCoord></edgeMap>`;
  const body = sessions.map(({ box, rating: value }, i) => {
    const roi = `<roi><imageZposition>${z}</imageZposition><imageSOP_UID>${uid}</imageSOP_UID>${gap}<inclusion>${inclusion}</inclusion>${outline(box).map(edge).join(gap)}</roi>`;
    const said = `<characteristics><malignancy>${rating(value)}</malignancy></characteristics>`;
    const nodule = `<unblindedReadNodule><noduleID>${i}</noduleID>${said}${roi}</unblindedReadNodule>`;
    return `<readingSession>${texts.extra ?? ""}${gap}${nodule}</readingSession>`;
  });
  const header = `<ResponseHeader><SeriesInstanceUid>${series}</SeriesInstanceUid></ResponseHeader>`;
  return `<?xml version="1.0" encoding="UTF-8"?><LidcReadMessage>${header}${gap}${body.join(gap)}</LidcReadMessage>`;
}

/** What is inside of a rectangle, moved. */
function inside({ x, y, width, height }: Box, dx = 0, dy = 0): number[] {
  const at: number[] = [];
  for (let row = y + 1 + dy; row <= y + height + dy; row++) {
    for (let column = x + 1 + dx; column <= x + width + dx; column++) {
      if (row >= 0 && row < HEIGHT && column >= 0 && column < WIDTH) at.push(row * WIDTH + column);
    }
  }
  return at;
}

const gradersOf = (sessions: readonly Session[]) =>
  sessions.map(({ box, rating }, i) => ({
    name: `Grader ${i + 1}`,
    mask: inside(box),
    ratings: { malignancy: rating },
  }));
type Graders = readonly { readonly name: string; readonly mask: readonly number[] | null; readonly ratings?: object }[];

function opening(
  make: (
    sessions: Session[],
    roll: Roll,
  ) => { xml: string | Uint8Array; words: string; graders?: Graders; notes?: RegExp[]; onto?: Mutant["onto"] },
) {
  return (roll: Roll): Mutant => {
    const sessions = seedOf(roll);
    const { xml, words: said, graders = gradersOf(sessions), notes = [], onto } = make(sessions, roll);
    const bytes = typeof xml === "string" ? Buffer.from(xml) : xml;
    const must = { opens: { kind: "marks", graders }, notes };
    return { bytes, words: said, must, onto: onto ?? sliceOf(WIDTH, HEIGHT, UID, Z) };
  };
}

function refusing(
  tags: ErrorTag | readonly ErrorTag[],
  says: RegExp,
  make: (sessions: Session[], roll: Roll) => string,
) {
  return (roll: Roll): Mutant => {
    const xml = make(seedOf(roll), roll);
    return { bytes: Buffer.from(xml), words: xml.slice(0, 200), must: refused(tags, says) };
  };
}

const utf16 = (text: string, big: boolean, mark: boolean) => {
  const bytes = Buffer.from(`${mark ? "\ufeff" : ""}${text}`, "utf16le");
  return big ? bytes.swap16() : bytes;
};
/** The text given for the first coordinate alone. */
const first = (text: string) => {
  let count = 0;
  return (value: number) => (count++ === 0 ? text : String(value));
};

export const LIDC_KINDS = kindsOf("lidc-xml", {
  same: {
    "white space and comments": opening((sessions, roll) => ({
      xml: xmlOf(sessions, {}, pick(roll, ["\n", "  \r\n\t", "<!-- a note -->", "<!-- <roi> -->\n"])),
      words: "between the tags",
    })),
    "tags of no meaning for the marks": opening((sessions, roll) => ({
      xml: xmlOf(sessions, {
        extra: `<annotationVersion>${words(roll)}</annotationVersion><servicingRadiologistID>a &amp; b</servicingRadiologistID>`,
      }),
      words: "more tags",
    })),
    "attributes and a name space": opening((sessions) => ({
      xml: xmlOf(sessions)
        .replace("<LidcReadMessage>", '<n:LidcReadMessage xmlns:n="http://www.nih.gov" uid="1">')
        .replace("</LidcReadMessage>", "</n:LidcReadMessage>"),
      words: "a prefix",
    })),
    "in UTF-16, or with a mark": opening((sessions, roll) => {
      const xml = xmlOf(sessions);
      const big = roll(2) === 0;
      const all = [utf16(xml, big, true), utf16(xml, big, false), Buffer.from(`\ufeff${xml}`)];
      return { xml: pick(roll, all), words: "another encoding" };
    }),
    "numbers with blanks and fractions of nothing": opening((sessions, roll) => ({
      xml: xmlOf(sessions, { number: (value) => pick(roll, [` ${value} `, `${value}.0`, `+${value}`]) }),
      words: "forms of numbers",
    })),
    "pictures matched by z, where other UIDs are named": opening((sessions) => ({
      xml: xmlOf(sessions, { uid: "9.9.9", series: "9.9" }),
      words: "by z",
    })),
    "marks that are no nodules": opening((sessions) => ({
      xml: xmlOf(sessions, { extra: "<nonNodule><nonNoduleID>1</nonNoduleID></nonNodule>" }),
      words: "a non-nodule",
    })),
  },
  note: {
    "a rating off its scale": opening((sessions, roll) => {
      const said = pick(roll, ["0", "6", "-1", "99", "2.5", ...NO_NUMBERS]);
      const graders = gradersOf(sessions).map(({ name, mask }) => ({ name, mask }));
      return { xml: xmlOf(sessions, { rating: () => said }), words: said, graders, notes: [/ratings outside/] };
    }),
    "a z that is no number": opening((sessions, roll) => {
      const z = pick(roll, [...NO_NUMBERS, "NaN", "Infinity"]);
      return { xml: xmlOf(sessions, { z }), words: z, notes: [/z position/] };
    }),
  },
  changed: {
    moved: opening((sessions, roll) => {
      const by = between(roll, 1, 9);
      const graders = gradersOf(sessions).map((grader, i) => {
        const mask = inside((sessions[i] as Session).box, by, by);
        return { ...grader, mask: mask.length > 0 ? mask : null };
      });
      return { xml: xmlOf(sessions, { number: (value) => String(value + by) }), words: `${by} px`, graders };
    }),
    "exclusions, which enclose nothing of a nodule": opening((sessions) => ({
      xml: xmlOf(sessions, { inclusion: "FALSE" }),
      words: "FALSE",
      graders: gradersOf(sessions).map((grader) => ({ ...grader, mask: null })),
    })),
    "another slice": opening((sessions) => ({
      xml: xmlOf(sessions, { uid: "9.9.9" }),
      words: "of its own series",
      graders: sessions.map((_, i) => ({ name: `Grader ${i + 1}`, mask: null })),
    })),
    "a session that marked nothing": opening((sessions) => ({
      xml: xmlOf(sessions).replace("</LidcReadMessage>", "<readingSession></readingSession></LidcReadMessage>"),
      words: "an empty one",
      graders: [...gradersOf(sessions), { name: `Grader ${sessions.length + 1}`, mask: null }],
    })),
    "the sessions in another order": opening((sessions) => {
      const turned = [...sessions].reverse();
      return { xml: xmlOf(turned), words: "reversed", graders: gradersOf(turned) };
    }),
  },
  refused: {
    "a coordinate that is no number": refusing("DamagedFile", /no number/, (sessions, roll) =>
      xmlOf(sessions, { number: first(pick(roll, [...NO_NUMBERS, "", "NaN", "Infinity"])) }),
    ),
    "a coordinate outside of any slice": refusing("DamagedFile", /points outside/, (sessions, roll) =>
      xmlOf(sessions, { number: first(pick(roll, ["-1", "99999", "1e9", "-5e8"])) }),
    ),
    "neither inside nor outside": refusing("DamagedFile", /inclusion/, (sessions, roll) =>
      xmlOf(sessions, { inclusion: pick(roll, ["MAYBE", "0", "FALSCH", "TRUEFALSE"]) }),
    ),
    "a document type": refusing("DamagedFile", /document type/, (sessions) =>
      xmlOf(sessions).replace("<LidcReadMessage>", '<!DOCTYPE x [<!ENTITY a "b">]><LidcReadMessage>'),
    ),
    "no session": refusing("DamagedFile", /without a reading session/, () => xmlOf([])),
    "too many sessions": refusing("DamagedFile", /reading sessions/, (sessions) =>
      xmlOf(Array.from({ length: 40 }, () => sessions[0] as Session)),
    ),
    "cut short": refusing("DamagedFile", /no complete XML/, (sessions, roll) => {
      const xml = xmlOf(sessions);
      return xml.slice(0, between(roll, 60, xml.length - 1));
    }),
    "XML of something else": refusing(["UnknownFormat", "NotAnImage"], /no LIDC read|chest X-ray/, (sessions, roll) =>
      xmlOf(sessions).replaceAll("LidcReadMessage", pick(roll, ["IdriReadMessage", "Other", "svg"])),
    ),
  },
});
