import base from "./playwright.config.ts";
export default {
  ...base,
  grepInvert: undefined,
  timeout: 240_000,
  expect: { timeout: 15_000 },
  use: { ...base.use, actionTimeout: 15_000 },
};
