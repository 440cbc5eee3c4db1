import { GraderspaceError } from "./core/errors.ts";
import { say, type Text } from "./core/language/say.ts";
import type { Task } from "./core/network/encoding.ts";

/**
 * The page's one reader of bytes; progress is the share of the bytes that are expected, or that the server announced: of
 * what it compresses on the way it announces nothing.
 * @throws NetworkFailed saying what came in the file's place; Aborted, also while a stalled line brings nothing
 */
export async function download(
  url: string | undefined,
  name: string,
  task?: Task,
  expected?: number,
): Promise<Uint8Array> {
  const signal = task?.signal;
  const failed = (problem: Text, remedy = say`check the connection and try again`) => {
    if (signal?.aborted) return new GraderspaceError("Aborted", { problem: say`the run was cancelled` });
    return new GraderspaceError("NetworkFailed", { file: name, problem, remedy });
  };
  if (url === undefined) throw failed(say`it is not part of this site`, say`choose another one`);
  let response: Response;
  try {
    response = await fetch(url, signal ? { signal } : {});
  } catch (error) {
    throw failed(say`it could not be fetched (${error instanceof Error ? error.message : String(error)})`);
  }
  if (!response.ok)
    throw failed(say`the server answered ${response.status}`, say`reload the page for its newest version`);
  if (response.headers.get("content-type")?.startsWith("text/html")) {
    throw failed(say`the server sent a web page in its place`, say`reload the page, or tell whoever runs the site`);
  }
  const total = expected ?? Number(response.headers.get("content-length"));
  const parts: Uint8Array[] = [];
  let received = 0;
  try {
    const reader = response.body?.getReader();
    for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
      parts.push(next.value);
      received += next.value.length;
      if (total > 0) task?.onProgress?.(Math.min(1, received / total));
    }
  } catch {
    throw failed(
      total > 0
        ? say`the connection was lost after ${megabytes(received)} of ${megabytes(total)} MB`
        : say`the connection was lost after ${megabytes(received)} MB`,
    );
  }
  const bytes = new Uint8Array(received);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
