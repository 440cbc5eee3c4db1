/**
 * Names the start file in the page's head: the browser asks for it with the first chunk, not after that has run. Nothing
 * else is named there: workers, their code and weights would share a slow line with what is seen first, and
 * src/main.tsx asks for them as soon as that is here.
 */
export function earlyRequests() {
  return {
    name: "early-requests",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle = {} }) {
        const files = Object.values(bundle).map(({ fileName }) => fileName);
        return files.filter((file) => /(^|\/)start-[^/]*\.bin$/.test(file)).map(preloaded);
      },
    },
  };
}

function preloaded(file) {
  const attrs = { rel: "preload", as: "fetch", href: `./${file}`, fetchpriority: "high", crossorigin: "" };
  return { tag: "link", attrs, injectTo: "head" };
}
