import { inEnglish } from "../../../core/language/say.ts";
import type { Ports } from "../../app/ports.ts";
import type { State } from "../../app/shape.ts";

/** The report that the command line's `agreement --out` writes. `agreement` is there. */
export async function agreementReportOf({ agreement }: State, app: Ports["app"]) {
  if (!agreement) throw new Error("a report before the readers were compared");
  const { agreementReport } = await import("../../../io/export/agreement/agreement-report.ts");
  const { file, study, figures } = agreement.value;
  const notes = figures.notes.map(inEnglish);
  const page = agreementReport(file, app, study.cases, { ...figures, notes });
  return { name: "agreement.html", bytes: new TextEncoder().encode(page), notes };
}
