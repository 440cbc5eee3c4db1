import { type ReactNode, useEffect, useRef } from "react";
import { t } from "../../state/app/speech.ts";
import { IconButton } from "../controls/icon-button.tsx";

/** A modal dialog: focus stays in it, Escape and a click beside it close it. */
export function SheetFrame(props: {
  readonly name: string;
  readonly wide?: boolean;
  onClose(): void;
  readonly children: ReactNode;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    if (element && !element.open) element.showModal();
    return () => {
      element?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the dialog's own
    <dialog
      ref={dialog}
      className={props.wide ? "sheet wide" : "sheet"}
      aria-label={props.name}
      onClose={props.onClose}
      onCancel={props.onClose}
      onClick={(event) => {
        if (event.target === event.currentTarget) props.onClose();
      }}
    >
      <div className="sheet-inside">
        <header className="row">
          <h2>{props.name}</h2>
          <IconButton icon="close" look="quiet spread" label={t`Close`} onClick={props.onClose} />
        </header>
        {props.children}
      </div>
    </dialog>
  );
}
