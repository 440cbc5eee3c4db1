import type { JsonDataset } from "../dicom-json.ts";

/** What a structured report says of one finding of one reader. */
export interface ReportedFinding {
  readonly trackingUid: string | null;
  /** SOP Instance UID and number (from 1) of the segment that was measured; null where none is named. */
  readonly segment: { readonly sop: string; readonly number: number } | null;
  readonly volumeMm3: number | null;
  /** The largest diameter that is given. */
  readonly diameterMm: number | null;
  /** LIDC's ratings by name, in lower case: malignancy 1…5, … */
  readonly ratings: Readonly<Record<string, number>>;
}

const VALUE = 0x00080100;
const MEANING = 0x00080104;
const TRACKING_UID = "112040";
const VOLUME = new Set(["118565006", "G-D705"]);
/** Diameter, Long Axis, Short Axis; Maximum 3D Diameter of a mesh (IBSI L0JK); the diameter of LIDC's reports. */
const DIAMETER = /diameter|long axis/i;

/**
 * The measurement groups of a report after TID 1500 (PS3.16; a group is TID 1411 or 1410): volume in mm³, diameter in
 * mm, ratings. Numbers of other units are left out.
 */
export function reportedFindings(report: JsonDataset): ReportedFinding[] {
  return groupsIn(report).map((group) => {
    const items = group.items(0x0040a730);
    const codes = items.filter((one) => one.text(0x0040a040) === "CODE");
    const numbers = items.filter((one) => one.text(0x0040a040) === "NUM").map(measured);
    const volume = numbers.find(({ code, unit }) => VOLUME.has(code) && unit === "mm3");
    const diameters = numbers.filter(({ meaning, unit }) => DIAMETER.test(meaning) && unit === "mm");
    const uid = items.find((one) => conceptOf(one)?.text(VALUE) === TRACKING_UID)?.text(0x0040a124) ?? null;
    return {
      trackingUid: uid,
      segment: segmentIn(items),
      volumeMm3: volume?.value ?? null,
      diameterMm: diameters.length > 0 ? Math.max(...diameters.map(({ value }) => value)) : null,
      ratings: Object.fromEntries(codes.flatMap(ratingOf)),
    };
  });
}

function conceptOf(item: JsonDataset): JsonDataset | undefined {
  return item.items(0x0040a043)[0];
}

/** Containers called "Measurement Group" (125007, DCM), at whatever depth. */
function groupsIn(container: JsonDataset): JsonDataset[] {
  return container.items(0x0040a730).flatMap((one) => {
    if (one.text(0x0040a040) !== "CONTAINER") return [];
    return conceptOf(one)?.text(VALUE) === "125007" ? [one] : groupsIn(one);
  });
}

function measured(item: JsonDataset) {
  const value = item.items(0x0040a300)[0];
  return {
    code: conceptOf(item)?.text(VALUE) ?? "",
    meaning: conceptOf(item)?.text(MEANING) ?? "",
    value: value?.number(0x0040a30a) ?? Number.NaN,
    unit: value?.items(0x004008ea)[0]?.text(VALUE) ?? "",
  };
}

/** "Malignancy": "4 out of 5 (Moderately Suspicious for Cancer)" → ["malignancy", 4]. */
function ratingOf(item: JsonDataset): (readonly [string, number])[] {
  const name = conceptOf(item)?.text(MEANING)?.toLowerCase();
  const said = /^\s*([1-6])\s+out\s+of\s+[56]\b/i.exec(item.items(0x0040a168)[0]?.text(MEANING) ?? "");
  return name && said ? [[name, Number(said[1])]] : [];
}

function segmentIn(items: readonly JsonDataset[]): ReportedFinding["segment"] {
  for (const item of items) {
    for (const reference of item.items(0x00081199)) {
      const [sop, number] = [reference.text(0x00081155), reference.number(0x0062000b)];
      if (sop !== null && number !== null) return { sop, number };
    }
  }
  return null;
}
