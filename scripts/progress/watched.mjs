import { spawn } from "node:child_process";
import { statSync } from "node:fs";
import { root } from "../install.mjs";

/**
 * Runs a command until it ends, or until it has neither printed nor noted a test (into the file `notes`) for so many
 * turns of this process: then it hangs. Turns are counted, so that a machine that slept or stood still is no hang. It
 * has a process group of its own: one that hangs takes its browsers and workers with it.
 */
export function watched(command, args, { env = {}, notes, quietTurns, turnMs = 1000 }) {
  return new Promise((resolve) => {
    const windows = process.platform === "win32";
    const child = spawn(command, args, {
      cwd: root,
      stdio: ["inherit", "pipe", "pipe"],
      env: {
        ...process.env,
        ...(process.stdout.isTTY ? { FORCE_COLOR: "1" } : {}),
        ...env,
        GRADERSPACE_PROGRESS: notes,
      },
      shell: windows,
      detached: !windows,
    });
    let [quiet, ended, hung] = [0, 0, false];
    for (const [from, to] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ]) {
      from.on("data", (chunk) => {
        quiet = 0;
        to.write(chunk);
      });
    }
    const watch = setInterval(() => {
      const now = sizeOf(notes);
      quiet = now === ended ? quiet + 1 : 0;
      ended = now;
      if (quiet < quietTurns || hung) return;
      hung = true;
      if (windows) child.kill("SIGKILL");
      else process.kill(-child.pid, "SIGKILL");
    }, turnMs);
    child.on("error", (error) => {
      console.error(`${command} could not be started: ${error.message}`);
      clearInterval(watch);
      resolve({ code: 1, hung });
    });
    // "close" comes when all is printed, unless something outlives the suite and holds its output open
    child.on("exit", (code) => {
      clearInterval(watch);
      setTimeout(resolve, 5000, { code: code ?? 1, hung }).unref();
    });
    child.on("close", (code) => resolve({ code: code ?? 1, hung }));
  });
}

function sizeOf(path) {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
