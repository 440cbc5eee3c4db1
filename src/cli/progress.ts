/** Says on stderr how far a long run is: on one line in a terminal, every tenth part elsewhere. */
export function progressLine(name: string, total: number): (done: number) => void {
  const { stderr } = process;
  let said = 0;
  return (done) => {
    const tenth = Math.floor((10 * done) / total);
    if (stderr.isTTY) stderr.write(`\r${name}: ${done} of ${total}${done === total ? "\n" : ""}`);
    else if (tenth > said) stderr.write(`${name}: ${done} of ${total}\n`);
    said = tenth;
  };
}
