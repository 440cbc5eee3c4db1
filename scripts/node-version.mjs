/** True where this Node can run the project (package.json, engines); the sentence for a person otherwise. */
export function nodeVersionProblem(version = process.versions.node) {
  const [major, minor] = version.split(".").map(Number);
  const fits = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 24;
  if (fits) return null;
  return `Graderspace needs Node 20.19, 22.12 or 24 and newer; this is Node ${version}. Install a newer one from nodejs.org or with your version manager, then run the command again.`;
}

/** Ends the process with the sentence where Node is too old. */
export function requireNode() {
  const problem = nodeVersionProblem();
  if (problem === null) return;
  console.error(problem);
  process.exit(1);
}
