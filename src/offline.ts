/** The page without a network, and how a newer page takes the place of the one that is open. */

/** Keeps every piece for use offline. `tell` is called when a newer page waits, or took over in another tab. */
export async function keepForOffline(tell: () => void): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  const { serviceWorker } = navigator;
  const controlled = serviceWorker.controller !== null;
  serviceWorker.addEventListener("controllerchange", () => {
    if (controlled) tell();
  });
  const registration = await serviceWorker.register("./sw.js", { scope: "./" });
  const heed = (worker: ServiceWorker | null) =>
    worker?.addEventListener("statechange", () => {
      if (worker.state === "installed" && registration.active !== null) tell();
    });
  heed(registration.installing);
  registration.addEventListener("updatefound", () => heed(registration.installing));
  if (registration.waiting !== null && registration.active !== null) tell();
  // A tab that stays open for days asks when somebody comes back to it.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") registration.update().catch(() => undefined);
  });
}

/** Lets the newer page take over, where one waits, and loads it. */
export async function takeNewVersion(): Promise<void> {
  const { serviceWorker } = navigator;
  const waiting = (await serviceWorker?.getRegistration())?.waiting;
  if (!waiting) return location.reload();
  serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  waiting.postMessage({ type: "SKIP_WAITING" });
}
