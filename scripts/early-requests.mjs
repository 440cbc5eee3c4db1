/**
 * Names in the page's head what the start needs beside the first chunk: the file that the build made to be shown first,
 * and the default model's, which the engine waits for. The browser asks for them with the first chunk, not after it has
 * run; the model's last, for nobody waits for it to see something.
 */
export function earlyRequests(model) {
  return {
    name: "early-requests",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle = {} }) {
        const files = Object.values(bundle).map(({ fileName }) => fileName);
        const first = files.filter((file) => /(^|\/)start-[^/]*\.bin$/.test(file));
        const weights = files.filter((file) => file.startsWith(`models/${model}/`) && !file.endsWith(".png"));
        return [...first.map((file) => link(file, "high")), ...weights.map((file) => link(file, "low"))];
      },
    },
  };
}

function link(file, fetchpriority) {
  const attrs = { rel: "preload", as: "fetch", href: `./${file}`, fetchpriority, crossorigin: "" };
  return { tag: "link", attrs, injectTo: "head" };
}
