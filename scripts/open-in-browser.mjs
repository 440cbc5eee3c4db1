import { spawn } from "node:child_process";

/** Opens an address in the person's browser; says so where none can be opened from here. */
export function openInBrowser(url) {
  const [command, ...args] =
    process.platform === "darwin"
      ? ["open", url]
      : process.platform === "win32"
        ? ["cmd", "/c", "start", "", url]
        : ["xdg-open", url];
  const child = spawn(command, args, { stdio: "ignore", detached: true });
  child.on("error", () => console.log("No browser could be opened from here: open the address above."));
  child.unref();
}
