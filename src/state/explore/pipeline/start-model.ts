import { GraderspaceError } from "../../../core/errors.ts";
import type { Prepared } from "../../../core/network/model.ts";
import { withDecoder } from "../../../core/network/with-decoder.ts";
import type { Crop } from "../../../core/values/region.ts";
import type { Ports } from "../../app/ports.ts";
import type { State } from "../../app/shape.ts";
import { QueuedModel } from "../../models/model.ts";
import { canDraw } from "../keys.ts";
import { markMadeBefore } from "../start/made-before.ts";

/**
 * The light half of the model alone, at work on the region of the start until the engine is there: what the network made
 * of it came with the build, so that the sliders need no network. It knows no other region.
 */
export class StartModel {
  private model: QueuedModel | null = null;
  /** Of the region that it knows. */
  private key: string | null = null;
  private ended = false;

  /** Calls `settled` when it is at work, and where it cannot be had: the engine takes its place. */
  async begin(state: State, ports: Pick<Ports, "start">, settled: () => void): Promise<void> {
    try {
      await this.fetch(state, ports);
    } catch {
      // the engine makes all of it, a moment later
    }
    settled();
  }

  /** Null before it is at work, and once it has ended. */
  get current(): QueuedModel | null {
    return this.model;
  }

  knows(key: string | null): boolean {
    return this.model !== null && this.key === key;
  }

  end(): void {
    this.ended = true;
    this.model?.dispose();
    this.model = null;
  }

  private async fetch(state: State, { start }: Pick<Ports, "start">): Promise<void> {
    const { model, encoded } = state;
    const head = model?.value.decode;
    if (!start || !model || !head || !encoded) return;
    const reading = start.encoding();
    reading.catch(() => undefined); // awaited below
    const decoder = await start.decoder(head);
    const encoding = await reading.catch(() => null);
    if (encoding === null || this.ended) return decoder.dispose();
    const prepare = async (crop: Crop): Promise<Prepared> => {
      if (crop.picture === encoded.value.crop.picture) return markMadeBefore({ crop, prior: encoding.prior, encoding });
      throw new GraderspaceError("BadArgument", { problem: "the start knows no other region" });
    };
    const dispose = () => undefined;
    this.model = new QueuedModel(withDecoder({ ...model.value, report: () => null, prepare, dispose }, decoder));
    this.key = encoded.key;
  }
}

/** Whether the state is that of a start, whose region is encoded but not drawn from. */
export function awaitsStartModel(state: State, ports: Pick<Ports, "start">): boolean {
  return ports.start !== undefined && state.encoded !== null && !canDraw(state);
}
