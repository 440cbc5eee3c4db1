import { type Look, MOST_ZOOM, within } from "../../../core/values/viewport.ts";
import { FIRST_VIEW, LAYERS, type Layer, OUTLINES, REGION_FRAMED, REPRESENTED, type ViewIntent } from "../intent.ts";
import { inDigits, numberIn, numbersIn, pairIn, type Say, whenThere, wholeIn } from "./words.ts";
import { graderIn, graderText } from "./z-text.ts";

/** Writes how things are looked at. */
export function sayView(view: ViewIntent, say: Say): void {
  say("layer", view.layer, FIRST_VIEW.layer);
  say("opacity", String(view.layerOpacity), String(FIRST_VIEW.layerOpacity));
  const on = (outlines: ViewIntent["outlines"]) => OUTLINES.filter((outline) => outlines[outline]).join(",");
  say("out", on(view.outlines), on(FIRST_VIEW.outlines));
  say("window", view.window?.map((part) => inDigits(part, 1)).join(",") ?? "full", FIRST_VIEW.window?.join(","));
  if (view.fill) say("fill", "1");
  if (view.network) say("network", "1");
  if (view.scaleLocked) say("scale", "locked");
  if (view.blend) say("blend", `${graderText(view.blend.grader)}@${view.blend.share}`);
  say("zoom", String(inDigits(view.zoom, 3)), "1");
  const { zoom, x, y } = view.look;
  if (zoom > 1) say("look", [zoom, x, y].map((part) => inDigits(part, 3)).join(","));
  say("sort", view.sort, "draw");
  say("pin", view.pinned.map((index) => index + 1).join(","), "");
  say("sliders", view.sliders, FIRST_VIEW.sliders);
}

/** What a link's words say of it; what they leave out is as in the first view. */
export function viewSaid(words: URLSearchParams): Partial<ViewIntent> {
  const view: { -readonly [K in keyof ViewIntent]?: ViewIntent[K] } = {};
  const layer = words.get("layer");
  if (layer !== null && (LAYERS as readonly string[]).includes(layer)) view.layer = layer as Layer;
  whenThere(numberIn(words.get("opacity"), 0, 1), (opacity) => (view.layerOpacity = opacity));
  const out = words.get("out");
  if (out !== null) {
    const on = out.split(",");
    view.outlines = Object.fromEntries(
      OUTLINES.map((outline) => [outline, on.includes(outline)]),
    ) as ViewIntent["outlines"];
  }
  const window = words.get("window");
  const sides = pairIn(window);
  if (window === "full") view.window = null;
  else if (sides && sides[1] > 0) view.window = sides;
  if (words.get("fill") === "1") view.fill = true;
  if (words.get("network") === "1") view.network = true;
  if (words.get("scale") === "locked") view.scaleLocked = true;
  const [grader, share] = words.get("blend")?.split("@") ?? [];
  const blended = graderIn(grader ?? "");
  const amount = numberIn(share ?? null, 0, 1);
  if (blended !== null && amount !== null) view.blend = { grader: blended, share: amount };
  whenThere(numberIn(words.get("zoom"), 1, MOST_ZOOM), (zoom) => (view.zoom = zoom));
  whenThere(lookIn(words.get("look")), (look) => (view.look = look));
  if (words.get("sort") === "area") view.sort = "area";
  const pins = (words.get("pin") ?? "").split(",").map((pin) => wholeIn(pin, 1, REPRESENTED.most));
  const pinned = pins.flatMap((pin) => (pin === null ? [] : [pin - 1])).slice(0, 2);
  if (pinned.length > 0) view.pinned = pinned;
  const sliders = words.get("sliders");
  if (sliders === "auto" || sliders === "axes" || sliders === "modes") view.sliders = sliders;
  return view;
}

function lookIn(text: string | null): Look | null {
  const [zoom, x, y] = (text === null ? null : numbersIn(text)) ?? [];
  if (zoom === undefined || x === undefined || y === undefined || zoom < 1 || zoom > MOST_ZOOM) return null;
  return within({ zoom, x, y }, REGION_FRAMED);
}
