import type { Format } from "../open/format.ts";
import { hasPreamble, looksLikeBareDicom } from "./signature.ts";

export const DICOM: Format = {
  kind: "dicom",
  title: "DICOM",
  recognise: (head) => hasPreamble(head) || looksLikeBareDicom(head),
  open: async (file) => {
    const { isDirectory, openDicom, withoutPixels } = await import("./file.ts");
    const dicom = await openDicom(await file.read(), file.name);
    if (isDirectory(dicom)) {
      const { listedFiles } = await import("./directory.ts");
      return { holds: "list", names: listedFiles(dicom.dataset), refusal: withoutPixels(dicom) };
    }
    const { isSeg, readSeg } = await import("./seg/seg-read.ts");
    if (isSeg(dicom.dataset)) {
      const marks = await readSeg(dicom);
      return { holds: "marks", marks, notes: [...dicom.notes, ...(marks.notes ?? [])] };
    }
    const { isRtStruct, readRtStruct } = await import("./rtstruct/rtstruct-read.ts");
    if (isRtStruct(dicom)) {
      const { marks, notes } = readRtStruct(dicom);
      return { holds: "marks", marks, notes: [...dicom.notes, ...notes] };
    }
    const { dicomStack } = await import("./image.ts");
    return { holds: "series", stack: () => dicomStack(dicom) };
  },
};
