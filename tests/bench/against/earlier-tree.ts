import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The site as a commit builds it, in a folder of its own, with the packages that it names: `dist`, and how to be rid of it. */
export function builtAt(commit: string, root: string): { readonly dist: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), "graderspace-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const tree = spawnSync("git", ["archive", "--format=tar", commit], { cwd: root, maxBuffer: 2 ** 30 });
    if (tree.status !== 0) throw new Error(`there is no commit ${commit}: ${tree.stderr}`);
    checked("tar", ["-x", "-C", folder], folder, tree.stdout);
    if (lockOf(folder) === lockOf(root)) symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    else checked("npm", ["ci", "--silent"], folder);
    checked("node", ["scripts/build.mjs"], folder);
    return { dist: join(folder, "dist"), remove };
  } catch (error) {
    remove();
    throw error;
  }
}

function lockOf(folder: string): string {
  return readFileSync(join(folder, "package-lock.json"), "utf8");
}

function checked(command: string, args: readonly string[], cwd: string, input?: Buffer): void {
  const { status, stderr } = spawnSync(command, args, { cwd, ...(input && { input }) });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed: ${stderr}`);
}
