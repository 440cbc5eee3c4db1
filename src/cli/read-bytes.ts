import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { GraderspaceError } from "../core/errors.ts";

/** The bytes of a file given on the command line. @throws GraderspaceError BadArgument */
export async function readBytes(path: string): Promise<{ name: string; bytes: Uint8Array }> {
  try {
    return { name: basename(path), bytes: new Uint8Array(await readFile(path)) };
  } catch (error) {
    const problem = (error as NodeJS.ErrnoException).code === "EISDIR" ? "it is a folder" : "there is no such file";
    throw new GraderspaceError("BadArgument", { file: path, problem, remedy: "give the path of a file" });
  }
}
