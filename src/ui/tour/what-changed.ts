import type { Intent, Outline } from "../../state/app/intent.ts";
import type { ModelChoice } from "../../state/app/shape.ts";
import { listed, t } from "../../state/app/speech.ts";
import { LAYER_STYLES, OUTLINE_STYLES } from "../../state/explore/layers.ts";

/** What a step of the tour changed, in words for people; empty where nothing had to change. */
export function whatChanged(before: Intent, after: Intent, models: readonly ModelChoice[]): string {
  const parts: string[] = [];
  const title = (name: string) => models.find((one) => one.name === name)?.config.title ?? name;
  if (before.model !== after.model) parts.push(t`the model, from ${title(before.model)} to ${title(after.model)}`);
  const { layer, outlines } = after.view;
  if (before.view.layer !== layer) parts.push(layer === "none" ? t`no map` : t`the map: ${LAYER_STYLES[layer].label}`);
  if (before.view.outlines !== outlines && shown(before) !== shown(after)) parts.push(t`outlines: ${shown(after)}`);
  if (JSON.stringify(before.z.source) !== JSON.stringify(after.z.source)) parts.push("z");
  return parts.length === 0 ? "" : t`Changed: ${parts.join("; ")}. Undo takes it back.`;
}

function shown({ view }: Intent): string {
  const names = (Object.keys(view.outlines) as Outline[]).filter((outline) => view.outlines[outline]);
  return listed(names.map((outline) => OUTLINE_STYLES[outline].label)) || t`none`;
}
