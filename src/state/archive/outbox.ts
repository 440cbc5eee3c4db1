import { createStore } from "zustand/vanilla";
import { type PlainError, toPlain } from "../../core/errors.ts";
import { say, type Text } from "../../core/language/say.ts";
import type { CaseId } from "../app/identity.ts";
import type { ArchiveDesk } from "./desk.ts";
import type { CaseOrigin } from "./series-opened.ts";

/** Files to be stored, and how people are told what is in each of them. */
interface Parcel {
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[];
  readonly segments: readonly string[];
}

export interface OutboxState {
  /** What would be sent, and where; null: nothing was prepared. */
  readonly ready: { readonly parcel: Parcel; readonly host: string; readonly patient: Text } | null;
  readonly sending: boolean;
  /** The archive's answer in words; null before it. */
  readonly answer: Text | null;
  readonly unsent: PlainError | null;
}

/** What goes back to the archive that a case came from. Prepared once: what is sent again is the same object. */
export class Outbox {
  readonly store = createStore<OutboxState>(() => ({ ready: null, sending: false, answer: null, unsent: null }));
  private readonly desk: Pick<ArchiveDesk, "originOf">;
  private origin: CaseOrigin | null = null;

  constructor(desk: Pick<ArchiveDesk, "originOf">) {
    this.desk = desk;
  }

  /** Why a case's segmentation cannot go to an archive; null where it can. */
  refusal(id: CaseId | null): Text | null {
    return id !== null && this.desk.originOf(id) ? null : say`this slice was not opened from an archive`;
  }

  prepare(id: CaseId, parcel: Parcel): void {
    this.origin = this.desk.originOf(id);
    if (!this.origin) return;
    const { archive, patient } = this.origin;
    this.store.setState({ ready: { parcel, host: archive.host, patient }, answer: null, unsent: null });
  }

  /** Sends what was prepared; may be asked again after a failure. */
  async send(): Promise<void> {
    const { ready, sending } = this.store.getState();
    const { origin } = this;
    if (!ready || !origin || sending) return;
    this.store.setState({ sending: true, unsent: null, answer: null });
    const { host, patient, parcel } = ready;
    const names = parcel.files.map(({ name }) => name);
    try {
      const { storeInArchive } = await import("../../io/dicomweb/store.ts");
      const bytes = parcel.files.map((file) => file.bytes);
      const { stored, refused } = await storeInArchive(origin.archive, origin.study, bytes);
      const [first] = refused;
      const what = names.length > 1 ? say`${names[0] ?? ""} and ${names[1] ?? ""}` : (names[0] ?? "");
      const answer = first
        ? notStored(host, what, first.why, { refused: refused.length, stored: stored.length, all: names.length })
        : say`${host} has stored ${what} in the study of ${patient}.`;
      this.store.setState({ answer });
    } catch (error) {
      this.store.setState({ unsent: toPlain(error) });
    }
    this.store.setState({ sending: false });
  }

  /** Nothing is to be sent any more. */
  empty(): void {
    this.origin = null;
    this.store.setState({ ready: null, answer: null, unsent: null });
  }
}

function notStored(
  host: string,
  what: Text,
  why: Text,
  { refused, stored, all }: { readonly refused: number; readonly stored: number; readonly all: number },
): Text {
  if (stored > 0) return say`${host} did not store ${refused} of ${what}: ${why}. The other is stored.`;
  return all > 1
    ? say`${host} did not store ${refused} of ${what}: ${why}.`
    : say`${host} did not store ${what}: ${why}.`;
}
