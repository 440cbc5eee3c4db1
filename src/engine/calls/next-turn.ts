/**
 * Gives way to whatever else a page, a worker or a process has to do: a message that comes in, a click. Not by a timer:
 * it takes 4 ms at least, and in a tab that nobody looks at browsers slow timers down to one a minute.
 */
export function nextTurn(): Promise<void> {
  if (typeof setImmediate === "function") return new Promise((resolve) => setImmediate(resolve));
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** Milliseconds of work after which a thread listens to its messages: an abort is one. */
const PATIENCE = 12;

/** A task's `pause`: gives way where there was none for a while, and costs nothing else. */
export function pausing(): () => Promise<void> {
  let listened = performance.now();
  return async () => {
    if (performance.now() - listened <= PATIENCE) return;
    await nextTurn();
    listened = performance.now();
  };
}
