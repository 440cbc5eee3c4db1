import type { Rgb } from "../../../core/colour/colour.ts";
import type { FollowedLesion } from "../../../core/lesion/follow-lesion.ts";
import type { MeasuredLesion } from "../../../core/lesion/measure-lesion.ts";
import type { PixelSpacing } from "../../../core/lesion/volume.ts";
import type { Slice } from "../../../core/values/slice.ts";
import type { Session, SessionLesion } from "../../session/session.ts";
import type { Stack } from "../../stack/stack.ts";

/** Everything that leaves in one export of a lesion through its slices. */
export interface LesionExport {
  /** The series: where its slices lie, and what DICOM copies from their files. */
  readonly stack: Pick<Stack, "place" | "origin">;
  /** Columns and rows of its slices. */
  readonly slice: Pick<Slice, "width" | "height">;
  /** Null where the place of the slices is not known (`placesAlong`): sizes are then in voxels. */
  readonly spacingMm: PixelSpacing | null;
  /** Of the whole series, along the normal, mm. */
  readonly places: readonly number[];
  readonly followed: FollowedLesion;
  readonly measured: MeasuredLesion;
  /** Names program, model, seed, coupling and, on the page, the time of writing. */
  readonly session: Session & { readonly lesion: SessionLesion };
  /** The samples' colours on the screen, in their order; viridis where this is missing. */
  readonly sampleColours?: readonly Rgb[];
  /** Of the readers who drew in the page, by their names, which then leave with their marks. */
  readonly readerColours?: ReadonlyMap<string, Rgb>;
  /** A simulated nodule in a real series: no DICOM of it leaves. */
  readonly simulated?: boolean;
}
