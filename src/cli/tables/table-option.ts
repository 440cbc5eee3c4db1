import { GraderspaceError } from "../../core/errors.ts";
import { type Cell, TABLE_STYLES, type TableStyle, writeCsv } from "../../io/bytes/csv.ts";
import { writeBytes } from "../read-bytes.ts";

/** Where the words of a command are. */
interface Words {
  text(name: string): string | undefined;
}

/** `--style comma|semicolon`: how tables are written. @throws GraderspaceError BadArgument */
export function readStyle(words: Words): TableStyle {
  const word = words.text("style") ?? "comma";
  const style = TABLE_STYLES.find((one) => one === word);
  if (style !== undefined) return style;
  const remedy = `give one of ${TABLE_STYLES.join(", ")}; semicolon also writes a decimal comma`;
  throw new GraderspaceError("BadArgument", { problem: `--style is "${word}"`, remedy });
}

/** Writes a table to the file that option `name` names, where it is given, in the style that is asked for. */
export async function writeTable(
  words: Words,
  name: string,
  header: readonly string[],
  rows: readonly (readonly Cell[])[],
): Promise<void> {
  const file = words.text(name);
  if (file !== undefined) await writeBytes(file, writeCsv(header, rows, readStyle(words)));
}
