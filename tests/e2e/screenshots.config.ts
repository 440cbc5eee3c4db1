import base from "../../playwright.config.ts";

/** `npm run screenshots`: pictures of the page into screenshots/, to be looked at. */
export default { ...base, testDir: ".", testMatch: "screenshots.ts", outputDir: "../../test-results" };
