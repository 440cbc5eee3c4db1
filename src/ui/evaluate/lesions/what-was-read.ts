import { counted, t } from "../../../state/app/speech.ts";
import type { LesionsOfPack } from "../../../state/evaluate/lesions/lesions-of-pack.ts";

/** Whose figures these are, said beside each of them: "4 lesions · lidc-prob-unet, n = 32, seed 0, coupling presence-0.5". */
export function whatWasRead({ lesions, drawn }: LesionsOfPack): string {
  const howMany = counted(lesions.length, { one: "# lesion", other: "# lesions" });
  const model = drawn
    ? t`${drawn.model}, n = ${drawn.count}, seed ${drawn.seed}, coupling ${drawn.coupling}`
    : t`graders alone`;
  return `${howMany} · ${model}`;
}

/** "Balls · 95 % intervals over 3 patients" */
export function whosePatients({ pack, lesions }: LesionsOfPack): string {
  const patients = new Set(lesions.map(({ patient }) => patient)).size;
  return t`${pack.title} · 95 % intervals over ${counted(patients, { one: "# patient", other: "# patients" })}`;
}

/** What is in no figure, and what was counted once. */
export function whatWasLeftOut({ found, lesions, failed, figures }: LesionsOfPack): readonly string[] {
  const { leftOut, sameZ } = found;
  const unread = found.lesions.length - lesions.length - failed.length;
  const few = figures.fewer_than_half_drew ?? 0;
  const none = figures.none_drew ?? 0;
  const said: readonly (readonly [number, string])[] = [
    [
      unread,
      counted(unread, {
        one: "# lesion was not drawn by all of its readers: in no figure",
        other: "# lesions were not drawn by all of their readers: in no figure",
      }),
    ],
    [
      leftOut.one_slice,
      counted(leftOut.one_slice, {
        one: "# lesion has one slice alone: no volume",
        other: "# lesions have one slice alone: no volume",
      }),
    ],
    [
      leftOut.no_spacing,
      counted(leftOut.no_spacing, {
        one: "# lesion has no spacing in pack.json: no volume",
        other: "# lesions have no spacing in pack.json: no volume",
      }),
    ],
    [
      sameZ,
      counted(sameZ, {
        one: "# case lies at the place of another of its lesion: counted once",
        other: "# cases lie at the place of another of their lesion: counted once",
      }),
    ],
    [
      few,
      counted(few, {
        one: "On # lesion fewer than half of the samples drew",
        other: "# lesions on which fewer than half of the samples drew",
      }),
    ],
    [
      none,
      counted(none, {
        one: "On # lesion no sample drew: without it",
        other: "# lesions on which no sample drew: without them",
      }),
    ],
  ];
  return [
    ...said.filter(([count]) => count > 0).map(([, text]) => text),
    ...failed.map(({ lesion, sentence }) => t`Nodule ${lesion.nodule} of patient ${lesion.patient}: ${sentence}`),
  ];
}
