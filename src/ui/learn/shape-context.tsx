import { createContext, useContext } from "react";
import type { NetworkShape } from "../../state/learn/network-shape.ts";

const ShapeContext = createContext<NetworkShape | null>(null);

export const ShapeProvider = ShapeContext.Provider;

/** What the drawn network is made of. */
export function useShape(): NetworkShape {
  const shape = useContext(ShapeContext);
  if (!shape) throw new Error("useShape outside ShapeProvider");
  return shape;
}
