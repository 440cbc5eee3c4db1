import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { availableParallelism, hostname, userInfo } from "node:os";
import { join } from "node:path";
import { tool } from "./tools.ts";
import { until } from "./until.ts";

/** A real Slurm of this one machine, with everything of its own in one folder: munged, slurmctld and slurmd of this user. */
export interface Slurm {
  /** What a client program (`sbatch`, `squeue`, …) prints. @throws with what it said */
  run(program: string, ...words: string[]): string;
  end(): Promise<void>;
}

/** False, said loudly, where Debian's slurm-wlm and munge are not installed. */
export function hasSlurm(): boolean {
  return ["munged", "slurmctld", "slurmd", "sbatch"].map((name) => tool(name)).every((path) => path !== null);
}

export async function startSlurm(folder: string): Promise<Slurm> {
  const at = (name: string) => join(folder, name);
  for (const name of ["state", "spool"]) mkdirSync(at(name), { recursive: true });
  chmodSync(folder, 0o755); // munged wants its socket where all may reach it
  writeFileSync(at("munge.key"), Buffer.alloc(1024, "graderspace"), { mode: 0o400 });
  const inFolder = () => ({ ...process.env, SLURM_CONF: at("slurm.conf") });
  const say = (program: string, words: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(program, words, { encoding: "utf8", env: inFolder() });
    if (status === 0) return stdout;
    throw new Error(`${program}: ${stdout}${stderr}${logsOf(folder)}`);
  };
  const [controller, node] = [await freePort(), await freePort()];
  writeFileSync(at("slurm.conf"), confOf(folder, controller, node));
  say("munged", [
    ...["--key-file", at("munge.key")],
    ...["--socket", at("munge.socket")],
    ...["--pid-file", at("munged.pid")],
    ...["--log-file", at("munged.log")],
    ...["--seed-file", at("munged.seed")],
  ]);
  say("slurmctld", ["-L", at("slurmctld.log")]);
  say("slurmd", ["-L", at("slurmd.log")]);
  await until(
    () => spawnSync("sinfo", ["-h", "-o", "%T"], { encoding: "utf8", env: inFolder() }).stdout.trim() === "idle",
  );
  return {
    run: (program, ...words) => say(program, words),
    async end() {
      spawnSync("scancel", ["--user", userInfo().username], { env: inFolder() });
      for (const name of ["slurmd", "slurmctld", "munged"]) await stop(at(`${name}.pid`));
    },
  };
}

function confOf(folder: string, controller: number, node: number): string {
  const { username } = userInfo();
  const cpus = availableParallelism();
  return `ClusterName=one
SlurmctldHost=${hostname()}(127.0.0.1)
SlurmctldPort=${controller}
SlurmdPort=${node}
SlurmUser=${username}
SlurmdUser=${username}
AuthType=auth/munge
AuthInfo=socket=${join(folder, "munge.socket")},cred_expire=5
CredType=cred/munge
StateSaveLocation=${join(folder, "state")}
SlurmdSpoolDir=${join(folder, "spool")}
SlurmctldPidFile=${join(folder, "slurmctld.pid")}
SlurmdPidFile=${join(folder, "slurmd.pid")}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SwitchType=switch/none
MpiDefault=none
MailProg=/bin/true
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
SlurmdParameters=config_overrides
MinJobAge=100000
NodeName=${hostname()} NodeAddr=127.0.0.1 CPUs=${cpus} RealMemory=16000 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`;
}

/** Two ports that nobody listens on now. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** A daemon takes its file away as the last thing. */
async function stop(pidFile: string): Promise<void> {
  if (!existsSync(pidFile)) return;
  spawnSync("kill", [readFileSync(pidFile, "utf8").trim()]);
  await until(() => !existsSync(pidFile));
}

function logsOf(folder: string): string {
  const logs = ["munged", "slurmctld", "slurmd"].map((name) => join(folder, `${name}.log`)).filter(existsSync);
  return logs.map((log) => `\n${log}\n${execFileSync("tail", ["-n", "20", log], { encoding: "utf8" })}`).join("");
}
