import { GraderspaceError } from "../errors.ts";

/** What is said of a network in ONNX one run of which takes longer than its config allows. */
export function runsTooLong(file: string, seconds: number): GraderspaceError {
  return new GraderspaceError("TooLarge", {
    file,
    problem: `it computed for ${seconds} s without an answer and was stopped`,
    remedy: "export a smaller network, or allow it more in its config.json (onnx.runSeconds)",
  });
}
