import { useSelect } from "../../state/app/react.tsx";
import { type SystemMark, systemMark } from "./system-marks.ts";

/** The mark of a model by its name. */
export function useMarks(): (name: string) => SystemMark {
  const models = useSelect((state) => state.models);
  return (name) => systemMark(models.findIndex((model) => model.name === name));
}

export function Mark({ mark: { colour, shape } }: { mark: SystemMark }) {
  return (
    <svg className="system-mark" viewBox="-1.4 -1.4 2.8 2.8" aria-hidden="true">
      <path d={shape} fill={colour} />
    </svg>
  );
}
