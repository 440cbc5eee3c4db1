/**
 * The bytes that `open` gives, one stream or none; null where nothing of them came during `most` waits in a row, as from
 * a line that stalled without failing: they are then not read any more. @throws as `open` and its stream
 */
export async function readWhileMoving(
  open: (signal: AbortSignal) => Promise<ReadableStream<Uint8Array> | null>,
  wait: () => Promise<void>,
  most: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const abort = new AbortController();
  let [still, isOver] = [0, false];
  const watch = async () => {
    while (!isOver && still < most) {
      still++;
      await wait();
    }
    return null;
  };
  const read = async () => {
    const body = await open(abort.signal);
    const moved = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform: (piece, out) => {
        still = 0;
        out.enqueue(piece);
      },
    });
    const pieces = body?.pipeThrough(moved, { signal: abort.signal });
    return pieces ? new Uint8Array(await new Response(pieces).arrayBuffer()) : null;
  };
  try {
    return await Promise.race([read(), watch()]);
  } finally {
    isOver = true;
    abort.abort();
  }
}
