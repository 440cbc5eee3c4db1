/**
 * Names in the page's head what is seen first: the start file, so that the browser asks for it with the first piece of
 * code and not after that has run, and the page's styles and code, which come by an import of their own. Nothing else is
 * named there: workers, their code and weights would share a slow line with what is seen first, and src/main.tsx asks
 * for them once that is on the screen.
 */
export function earlyRequests() {
  return {
    name: "early-requests",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(html, { bundle = {} }) {
        const files = Object.values(bundle).map(({ fileName }) => fileName);
        const starts = files.filter((file) => /(^|\/)start-(?!encoding)[^/]*\.bin$/.test(file));
        const { code, styles } = pageOf(bundle);
        const missing = (file) => !html.includes(`"./${file}"`);
        return [
          ...styles.filter(missing).map((file) => tag({ rel: "stylesheet", crossorigin: "", href: `./${file}` })),
          ...starts.map((file) =>
            tag({ rel: "preload", as: "fetch", href: `./${file}`, fetchpriority: "high", crossorigin: "" }),
          ),
          ...code.filter(missing).map((file) => tag({ rel: "modulepreload", crossorigin: "", href: `./${file}` })),
        ];
      },
    },
  };
}

/** All that src/main.tsx stands on. */
function pageOf(bundle) {
  const main = Object.values(bundle).find(({ facadeModuleId }) => facadeModuleId?.endsWith("/src/main.tsx"));
  const [code, styles] = [new Set(), new Set()];
  const waiting = main ? [main.fileName] : [];
  while (waiting.length > 0) {
    const file = waiting.pop();
    const chunk = bundle[file];
    if (code.has(file) || !chunk) continue;
    code.add(file);
    for (const style of chunk.viteMetadata?.importedCss ?? []) styles.add(style);
    waiting.push(...chunk.imports);
  }
  return { code: [...code], styles: [...styles] };
}

function tag(attrs) {
  return { tag: "link", attrs, injectTo: "head" };
}
