import { dicomBytes, type Written } from "./dicom-bytes.ts";

/** A DICOMDIR of these files, "/" between their folders: a record each, of images (PS3.3 F.3). */
export function directoryBytes(names: readonly string[]): Buffer {
  const records = names.map((name): Written[] => [
    [0x00041430, "CS", "IMAGE"],
    [0x00041500, "CS", name.replaceAll("/", "\\")],
  ]);
  return dicomBytes("1.2.840.10008.1.2.1", [
    [0x00041130, "CS", "DISK"],
    [0x00041220, "SQ", { items: [[[0x00041430, "CS", "PATIENT"]], ...records] }],
  ]) as Buffer;
}
