import { GraderspaceError } from "../src/core/errors.ts";
import { makeCases } from "./cases/command.ts";

try {
  console.log(JSON.stringify(await makeCases(process.argv.slice(2))));
} catch (error) {
  if (!(error instanceof GraderspaceError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
