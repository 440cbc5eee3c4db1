/** `npm test`: every suite, then what took how long and one line `N passed, N failed, N skipped`. */
import { installDependencies } from "./install.mjs";
import { requireNode } from "./node-version.mjs";

requireNode();
installDependencies();
const { runSuites } = await import("./suites.mjs");
process.exit(await runSuites(process.argv.slice(2)));
