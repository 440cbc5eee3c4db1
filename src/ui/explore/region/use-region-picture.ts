import { useMemo } from "react";
import { REGION } from "../../../core/values/region.ts";
import { useSelect } from "../../../state/app/react.tsx";
import { aspectOnScreen } from "../../../state/cases/on-screen.ts";

/** The region as a picture under the hand: its size and the aspect of its pixels. */
export function useRegionPicture() {
  const aspect = useSelect(aspectOnScreen);
  return useMemo(() => ({ width: REGION, height: REGION, aspect }), [aspect]);
}
