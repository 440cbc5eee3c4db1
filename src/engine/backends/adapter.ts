/** Names under which drivers that compute on the CPU show themselves. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|basic render|software/i;

/** A software adapter takes 20 s for what wasm does in 0.2 s: it is only taken where it is asked for by name. */
export function isSoftware(adapter: GPUAdapter): boolean {
  const { isFallbackAdapter } = adapter.info as GPUAdapterInfo & { isFallbackAdapter?: boolean };
  return isFallbackAdapter === true || SOFTWARE.test(adapterName(adapter));
}

export function adapterName(adapter: GPUAdapter): string {
  const { vendor, architecture, device, description } = adapter.info;
  const parts = [vendor, architecture, device, description].filter((part) => part);
  return parts.length > 0 ? [...new Set(parts)].join(" ") : "an adapter without a name";
}

/** The machine's GPU; throws with the reason where there is none worth using. */
export async function requestAdapter(software: boolean): Promise<GPUAdapter> {
  const gpu = globalThis.navigator?.gpu;
  if (!gpu) throw new Error("this browser has no WebGPU");
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (adapter === null) throw new Error("WebGPU finds no graphics adapter");
  if (!software && isSoftware(adapter)) {
    throw new Error(`the only graphics adapter is software (${adapterName(adapter)}), far slower than wasm`);
  }
  return adapter;
}

/** The limits that decide what fits, as plain numbers for the diagnostics. */
export function limitsOf({ limits }: { readonly limits: GPUSupportedLimits }): Record<string, number> {
  const names = [
    "maxBufferSize",
    "maxStorageBufferBindingSize",
    "maxComputeWorkgroupStorageSize",
    "maxComputeInvocationsPerWorkgroup",
    "maxComputeWorkgroupsPerDimension",
  ] as const;
  return Object.fromEntries(names.map((name) => [name, limits[name]]));
}
