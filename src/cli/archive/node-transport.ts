import { setTimeout as wait } from "node:timers/promises";
import type { ArchiveTransport } from "../../io/dicomweb/transport.ts";

/** Requests by Node's own `fetch`. */
export const NODE_TRANSPORT: ArchiveTransport = {
  send: (url, request) => fetch(url, request),
  wait: (milliseconds, signal) => wait(milliseconds, undefined, signal ? { signal } : {}),
};
