/**
 * Gives way to whatever else the page has to do. Not by a timer: in a tab that nobody looks at, browsers slow timers
 * down to one a minute, and a long run would stand still.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
