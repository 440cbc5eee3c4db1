import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

let found: Promise<GPU | null> | undefined;

/**
 * WebGPU in Node: Dawn (package `webgpu`) on SwiftShader, the software driver that every Chromium brings along; without
 * a Chromium on the machine's own. Also puts it where tfjs-backend-webgpu looks, so call it before importing that.
 * Null, and a loud word, where neither is to be had.
 */
export function dawn(): Promise<GPU | null> {
  found ??= open();
  return found;
}

async function open(): Promise<GPU | null> {
  const driver = softwareDriver();
  // Read by the Vulkan loader when Dawn makes its instance. Set by hand to test a hardware GPU instead.
  if (driver && !process.env["VK_ICD_FILENAMES"]) process.env["VK_ICD_FILENAMES"] = driver;
  if (driver) loadVulkan(join(driver, "../libvulkan.so.1"));
  try {
    return (await openOnOwnDriver()) ?? skip("no Vulkan driver gives Dawn an adapter");
  } catch (error) {
    return skip(error instanceof Error ? error.message : String(error));
  }
}

/** Dawn on whatever driver the system has, where tfjs-backend-webgpu looks; null where it gives no adapter. */
export async function openOnOwnDriver(): Promise<GPU | null> {
  const { create, globals } = await import("webgpu");
  const gpu = create([]) as GPU;
  if ((await gpu.requestAdapter()) === null) return null;
  Object.assign(globalThis, globals);
  const navigator = globalThis.navigator ?? {};
  Object.defineProperty(navigator, "gpu", { value: gpu, configurable: true });
  Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });
  return gpu;
}

/**
 * Dawn asks the system's linker for "libvulkan.so.1". Where the system has none, Chromium's own copy serves, loaded
 * beforehand and never unloaded: the linker then knows the name. No LD_LIBRARY_PATH, which is read at start only.
 */
function loadVulkan(file: string): void {
  if (process.platform !== "linux" || !existsSync(file)) return;
  const RTLD_LAZY = 0x1;
  const RTLD_NODELETE = 0x1000;
  try {
    process.dlopen({ exports: {} }, file, RTLD_LAZY | RTLD_NODELETE);
  } catch {
    // Always: the library is no addon of Node. It is loaded all the same, and stays.
  }
}

/** The description of SwiftShader that the Vulkan loader reads; null where no Chromium is installed. */
function softwareDriver(): string | null {
  const name = "vk_swiftshader_icd.json";
  const chromium = process.env["CHROMIUM_PATH"];
  const folders = ["/usr/lib/chromium", "/usr/lib/chromium-browser", "/opt/google/chrome", ...playwrightFolders()];
  if (chromium) folders.unshift(join(chromium, ".."));
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file)) ?? null;
}

function playwrightFolders(): string[] {
  const cache = process.env["PLAYWRIGHT_BROWSERS_PATH"] ?? join(homedir(), ".cache/ms-playwright");
  if (!existsSync(cache)) return [];
  const browsers = readdirSync(cache).filter((name) => name.startsWith("chromium"));
  return browsers.flatMap((name) => ["chrome-linux64", "chrome-linux"].map((inner) => join(cache, name, inner)));
}

function skip(reason: string): null {
  console.warn(`SKIPPED: WebGPU in Node is not here (${reason}); kernels are not tested against it`);
  return null;
}
