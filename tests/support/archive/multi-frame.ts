import { item, writeDicomFile } from "../../../src/io/dicom/write.ts";
import { SERIES, STUDY } from "./study.ts";

export const ENHANCED_CT = "1.2.840.10008.5.1.4.1.1.2.1";
export const MULTI_FRAME = { study: `${STUDY}.8`, series: `${SERIES}.8`, sop: `${SERIES}.8.1` };
const FRAME_OF_REFERENCE = `${STUDY}.8.99`;

/** The stored value at (x, y) of frame k: HU is 1024 less. */
export const storedAt = (x: number, y: number, k: number) => 324 + ((x * 7 + y * 13 + k * 29) % 64);

interface Kind {
  readonly frames: number;
  readonly size: number;
  /** HU by a Modality LUT, twice the stored value, whose bytes an archive refers to in its metadata. */
  readonly lut?: boolean;
}

/** An Enhanced CT of some frames, each at its own place: frame k at z = 2.5k mm, pixels of 0.7 mm. */
export function multiFrameFile({ frames, size, lut = false }: Kind): Uint8Array {
  const pixels = new DataView(new ArrayBuffer(2 * size * size * frames));
  for (let i = 0; i < size * size * frames; i++) {
    const [k, at] = [Math.floor(i / (size * size)), i % (size * size)];
    pixels.setUint16(2 * i, storedAt(at % size, Math.floor(at / size), k), true);
  }
  const shared = item(
    [0x00209116, "SQ", [item([0x00200037, "DS", "1\\0\\0\\0\\1\\0"])]],
    [0x00289110, "SQ", [item([0x00180050, "DS", "2.5"], [0x00280030, "DS", "0.7\\0.7"])]],
    [
      0x00289145,
      "SQ",
      lut ? null : [item([0x00281052, "DS", "-1024"], [0x00281053, "DS", "1"], [0x00281054, "LO", "HU"])],
    ],
  );
  const perFrame = Array.from({ length: frames }, (_, k) =>
    item([0x00209113, "SQ", [item([0x00200032, "DS", `-90\\-80\\${2.5 * k}`])]]),
  );
  const dataset = item(
    [0x00080005, "CS", "ISO_IR 192"],
    [0x00080008, "CS", "ORIGINAL\\PRIMARY\\VOLUME\\NONE"],
    [0x00080016, "UI", ENHANCED_CT],
    [0x00080018, "UI", MULTI_FRAME.sop],
    [0x00080020, "DA", "20200102"],
    [0x00080023, "DA", "20200102"],
    [0x00080030, "TM", "101112"],
    [0x00080033, "TM", "101112"],
    [0x00080060, "CS", "CT"],
    [0x0008103e, "LO", "Enhanced"],
    [0x00100010, "PN", new TextEncoder().encode("MÜLLER^RENÉ=山田^太郎")],
    [0x00100020, "LO", "ID-88"],
    [0x0020000d, "UI", MULTI_FRAME.study],
    [0x0020000e, "UI", MULTI_FRAME.series],
    [0x00200013, "IS", "1"],
    [0x00200052, "UI", FRAME_OF_REFERENCE],
    [0x00280002, "US", [1]],
    [0x00280004, "CS", "MONOCHROME2"],
    [0x00280008, "IS", String(frames)],
    [0x00280010, "US", [size]],
    [0x00280011, "US", [size]],
    [0x00280100, "US", [16]],
    [0x00280101, "US", [16]],
    [0x00280102, "US", [15]],
    [0x00280103, "US", [0]],
    [0x00283000, "SQ", lut ? [doubling()] : null],
    [0x52009229, "SQ", [shared]],
    [0x52009230, "SQ", perFrame],
    [0x7fe00010, "OW", new Uint8Array(pixels.buffer)],
  );
  return writeDicomFile(dataset, { uid: "1.2.3", version: "TEST" });
}

function doubling() {
  const values = new DataView(new ArrayBuffer(2 * 1024));
  for (let i = 0; i < 1024; i++) values.setUint16(2 * i, 2 * i, true);
  const bytes = new Uint8Array(values.buffer);
  return item([0x00283002, "US", [1024, 0, 16]], [0x00283004, "LO", "HU"], [0x00283006, "OW", bytes]);
}
