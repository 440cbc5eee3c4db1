import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

const PLUGIN = "/usr/share/orthanc/plugins/libOrthancDicomWeb.so";

export interface OrthancServer {
  /** Base address of its DICOMweb service. */
  readonly base: string;
  close(): Promise<void>;
}

/** Whether Debian's orthanc and orthanc-dicomweb are here; said loudly where not. */
export function hasOrthanc(): boolean {
  const missing = spawnSync("sh", ["-c", "command -v Orthanc"]).status !== 0 ? "orthanc" : "orthanc-dicomweb";
  if (missing !== "orthanc" && existsSync(PLUGIN)) return true;
  console.warn(`SKIPPED: ${missing} is not installed; .ci/run installs it`);
  return false;
}

/**
 * An empty Orthanc with its DICOMweb plugin on a free port, which lets nobody in from other machines; `users`: names with
 * passwords, where it wants a login.
 */
export async function startOrthanc(users: Readonly<Record<string, string>> = {}): Promise<OrthancServer> {
  const folder = mkdtempSync(join(tmpdir(), "graderspace-orthanc-"));
  const port = await freePort();
  const locked = Object.keys(users).length > 0;
  const config = {
    Name: "Test",
    StorageDirectory: join(folder, "store"),
    IndexDirectory: join(folder, "store"),
    HttpPort: port,
    RemoteAccessAllowed: false,
    DicomServerEnabled: false,
    AuthenticationEnabled: locked,
    RegisteredUsers: users,
    Plugins: [PLUGIN],
    DicomWeb: { Enable: true, Root: "/dicom-web/", EnableWado: false },
  };
  writeFileSync(join(folder, "orthanc.json"), JSON.stringify(config));
  const child = spawn("Orthanc", [join(folder, "orthanc.json")], { stdio: "ignore" });
  const base = `http://127.0.0.1:${port}/dicom-web`;
  const answers = () =>
    fetch(`${base}/studies?limit=1`).then(
      ({ status }) => status === 200 || status === 401,
      () => false,
    );
  while (!(await answers())) {
    if (child.exitCode !== null) throw new Error(`Orthanc ended with ${child.exitCode}`);
    await wait(50);
  }
  return { base, close: () => ended(child).then(() => rmSync(folder, { recursive: true, force: true })) };
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill();
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
