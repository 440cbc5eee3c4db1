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
  const some = (count: number, one: string, many: string) =>
    count === 0 ? [] : [count === 1 ? one : `${count} ${many}`];
  const few = figures.fewer_than_half_drew ?? 0;
  return [
    ...some(
      found.lesions.length - lesions.length - failed.length,
      t`1 lesion was not drawn by all of its readers: in no figure`,
      t`lesions were not drawn by all of their readers: in no figure`,
    ),
    ...some(leftOut.one_slice, t`1 lesion has one slice alone: no volume`, t`lesions have one slice alone: no volume`),
    ...some(
      leftOut.no_spacing,
      t`1 lesion has no spacing in pack.json: no volume`,
      t`lesions have no spacing in pack.json: no volume`,
    ),
    ...some(
      sameZ,
      t`1 case lies at the place of another of its lesion: counted once`,
      t`cases lie at the place of another of their lesion: counted once`,
    ),
    ...some(
      few,
      t`On 1 lesion fewer than half of the samples drew`,
      t`lesions on which fewer than half of the samples drew`,
    ),
    ...some(
      figures.none_drew ?? 0,
      t`On 1 lesion no sample drew: without it`,
      t`lesions on which no sample drew: without them`,
    ),
    ...failed.map(({ lesion, sentence }) => t`Nodule ${lesion.nodule} of patient ${lesion.patient}: ${sentence}`),
  ];
}
