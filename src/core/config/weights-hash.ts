import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { ModelConfig } from "./model-config.ts";

/** 64 hexadecimal digits: WebCrypto's is missing on pages served over plain HTTP, and is asynchronous. */
export function sha256Hex(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes));
}

/** What `session.json` names a model by: the sha256 of its weights file; of the files' hashes in a row where there are several. */
export function weightsHash({ weights }: Pick<ModelConfig, "weights">): string {
  const [first, ...others] = weights.map(({ sha256 }) => sha256);
  if (others.length === 0) return first ?? "";
  return sha256Hex(new TextEncoder().encode([first, ...others].join("")));
}
