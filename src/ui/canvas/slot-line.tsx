import { slotColour, slotDash } from "../app/colours.ts";

/** How the outline of a grader or reader is drawn, for keys and tables: by colour and dash. */
export function SlotLine({ slot }: { readonly slot: number }) {
  return (
    <svg className="slot-line" viewBox="0 0 22 6" aria-hidden="true">
      <path d="M1 3h20" stroke={slotColour(slot)} strokeWidth="3" strokeDasharray={slotDash(slot).join(" ")} />
    </svg>
  );
}
