/**
 * A thread beside the one that reads: tells a hang by the processor time that the file at hand has taken, which no
 * other work on the machine adds to, says so, and ends the process. `reading`: index of the file (−1: none), processor
 * milliseconds of the process when it was begun, and how many it may take.
 */
import { writeSync } from "node:fs";
import { workerData } from "node:worker_threads";

const reading = new Float64Array(workerData);

setInterval(() => {
  const [index, begun, limit] = reading;
  if (index < 0) return;
  const { user, system } = process.cpuUsage();
  const taken = (user + system) / 1000 - begun;
  if (taken <= limit || reading[0] !== index) return;
  writeSync(1, `${JSON.stringify({ index, hung: Math.round(taken) })}\n`);
  process.kill(process.pid, "SIGKILL");
}, 100);
