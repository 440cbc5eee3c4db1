/**
 * tfjs starts its wasm threads from the text of a function, and that function reads one variable from outside itself,
 * `_scriptDir`. Unminified it asks with `typeof` first; minified it does not, and every thread dies of a ReferenceError.
 * So the variable is given to the function as its own before anything is minified.
 */
export function selfContainedThreads() {
  return {
    name: "self-contained-threads",
    transform(code, id) {
      if (!/tfjs-backend-wasm-threaded-simd\.js/.test(id)) return null;
      const first = "WasmBackendModuleThreadedSimd = WasmBackendModuleThreadedSimd || {};";
      if (!code.includes(first)) this.error("tfjs's threaded wasm no longer looks as this plugin expects");
      return { code: code.replace(first, `${first} var _scriptDir;`), map: null };
    },
  };
}
