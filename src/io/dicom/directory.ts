import type { DicomDataset } from "./dataset/dataset.ts";

/** Files that a DICOMDIR lists, by their paths from its own folder (PS3.3 F.3.2.2: Referenced File ID), each once. */
export function listedFiles(dataset: DicomDataset): string[] {
  const listed = dataset.items(0x00041220).flatMap((record) => {
    const parts = record.texts(0x00041500);
    return parts.length === 0 ? [] : [parts.join("/")];
  });
  return [...new Set(listed)];
}
