import catalogue from "../models/index.json";
import type { ModelConfig } from "./core/config/model-config.ts";

const found = import.meta.glob<ModelConfig>("../models/*/config.json", { eager: true, import: "default" });

/** The bundled models, in the menu's order. */
export const pageModels: readonly { readonly name: string; readonly config: ModelConfig }[] = catalogue.models.flatMap(
  (name) => {
    const config = found[`../models/${name}/config.json`];
    return config ? [{ name, config }] : [];
  },
);

/** Which of them the address asks for; else the one that is shown first. */
export function firstModel(query: URLSearchParams): string {
  const asked = query.get("model");
  return pageModels.some(({ name }) => name === asked) ? (asked as string) : catalogue.default;
}
