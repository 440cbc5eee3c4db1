import { early } from "./early.ts";

// What is seen first is on the screen before the code behind it is run.
await early;
void import("./main.tsx");
