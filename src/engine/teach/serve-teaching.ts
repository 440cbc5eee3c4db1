import { GraderspaceError } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
import type { MarkedCrop } from "../../core/measures/evaluate-case.ts";
import type { Model, ModelFiles } from "../../core/network/model.ts";
import { linearHeadOf } from "../../core/teach/linear-head.ts";
import type { TeachSettings } from "../../core/teach/settings.ts";
import type { FoldRecord, Taught, TeachEvent } from "../../core/teach/taught.ts";
import { loadModel } from "../../model/load-model.ts";
import type { Student } from "../../model/teach/student.ts";
import { studentOf } from "../../model/teach/student-of.ts";
import { taughtCard } from "../../model/teach/taught-card.ts";
import { taughtModel } from "../../model/teach/taught-model.ts";
import { teach } from "../../model/teach/teaching.ts";
import { WasmDecoder } from "../../wasm/wasm-decoder.ts";
import { type Backend, chooseBackend } from "../backends/backend.ts";
import { type Port, serveCalls } from "../calls/calls.ts";
import type { TaughtFiles } from "./teaching-port.ts";

/** Milliseconds of steps between two answers: often enough for a bar that moves. */
const TURN_MS = 200;

interface Work {
  readonly files: ModelFiles;
  readonly settings: TeachSettings;
  readonly known: readonly FoldRecord[];
  readonly model: Model;
  readonly student: Student;
  readonly cases: MarkedCrop[];
  readonly patients: (string | null)[];
  events: AsyncGenerator<TeachEvent> | null;
  taught: Taught | null;
}

/** Answers a page's calls with the teaching that was started last (teaching-port.ts). Returns how to stop. */
export function serveTeaching<Options>(port: Port, backendsOf: (options: Options) => readonly Backend[]): () => void {
  let backend: Promise<string> | null = null;
  let work: Work | null = null;
  const current = (): Work => {
    if (work === null) throw new GraderspaceError("BadArgument", { problem: say`no teaching was started` });
    return work;
  };
  return serveCalls(port, {
    start: {
      run: async ([options, given, wanted, known]): Promise<string> => {
        const files = given as ModelFiles;
        const settings = wanted as TeachSettings;
        linearHeadOf(files.config);
        backend ??= started(backendsOf(options as Options));
        const name = await backend;
        work?.student.dispose();
        work?.model.dispose();
        work = null;
        const model = await loadModel(files, (head) => WasmDecoder.create(head));
        const student = await studentOf(model, files, settings);
        const nothing = { cases: [], patients: [], events: null, taught: null };
        work = { files, settings, known: known as FoldRecord[], model, student, ...nothing };
        return name;
      },
    },
    add: {
      run: ([marked, patient]): void => {
        current().cases.push(marked as MarkedCrop);
        current().patients.push(patient as string | null);
      },
    },
    advance: { run: (): Promise<TeachEvent> => advance(current()) },
    model: {
      run: ([name, cases]): TaughtFiles => {
        const { files, settings, taught } = current();
        if (!taught) throw new GraderspaceError("BadArgument", { problem: say`the teaching is not done` });
        const facts = { name: name as string, cases: cases as string, settings };
        return { ...taughtModel(files, taught, facts), card: taughtCard(files.config, taught, facts) };
      },
    },
  });
}

async function advance(work: Work): Promise<TeachEvent> {
  work.events ??= teach(work.student, sourceOf(work), work.settings, work.known);
  const until = performance.now() + TURN_MS;
  for (;;) {
    const { value, done } = await work.events.next();
    if (done) throw new GraderspaceError("BadArgument", { problem: say`the teaching is over` });
    if (value.kind === "done") work.taught = value.taught;
    const telling = value.kind === "fold" || value.kind === "done";
    if (telling || performance.now() > until) return value;
  }
}

function sourceOf({ cases, patients }: Work) {
  return {
    count: cases.length,
    patients: patients.includes(null) ? null : patients,
    marked: async (index: number) => cases[index] as MarkedCrop,
  };
}

async function started(backends: readonly Backend[]): Promise<string> {
  const { index, started } = await chooseBackend(backends, 0, [], async () => null);
  return `${backends[index]?.name}: ${started.detail}`;
}
