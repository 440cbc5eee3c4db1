import type { ModelConfig } from "../core/config/model-config.ts";
import { GraderspaceError } from "../core/errors.ts";
import { SAMPLE_ORDERS, type SampleOrder } from "../core/random/orders.ts";
import type { Arguments } from "./arguments.ts";

/** `--order`, "iid" where it is not given. @throws GraderspaceError BadArgument: no such order, or a model that draws no z */
export function orderAsked(args: Arguments, config?: Pick<ModelConfig, "name" | "choice">): SampleOrder {
  const word = args.text("order") ?? "iid";
  const order = SAMPLE_ORDERS.find((one) => one === word);
  if (order === undefined) {
    const remedy = `give one of ${SAMPLE_ORDERS.join(", ")}`;
    throw new GraderspaceError("BadArgument", { problem: `--order is "${word}"`, remedy });
  }
  if (order !== "iid" && config && config.choice !== "z") {
    const problem = `--order ${order} is an order of draws of z, and ${config.name} chooses its samples by ${config.choice}`;
    throw new GraderspaceError("BadArgument", { problem, remedy: "leave --order out, or take a model with z" });
  }
  return order;
}
