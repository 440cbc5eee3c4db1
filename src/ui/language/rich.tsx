import { createElement, Fragment, type ReactNode } from "react";
import { type Message, messageId } from "../../core/language/say.ts";
import { currentVoice, said } from "../../state/app/speech.ts";

/** Where a value stands in what a voice says: no text of the page holds these. */
const MARK = (i: number) => `${i}`;
const MARKS = /\u{E000}(\d+)\u{E001}/gu;

type Piece = ReactNode | Message;

/** A sentence with elements in it: rich`Only ${<strong>what you search</strong>} goes there.` */
export function rich(pieces: TemplateStringsArray, ...values: readonly Piece[]): ReactNode {
  const marked = currentVoice()?.(
    messageId(pieces),
    values.map((_, i) => MARK(i)),
  );
  const parts: ReactNode[] =
    marked === null || marked === undefined
      ? pieces.flatMap((piece, i) => (i < values.length ? [piece, drawn(values[i])] : [piece]))
      : marked.split(MARKS).map((part, i) => (i % 2 === 0 ? part : drawn(values[Number(part)])));
  return createElement(Fragment, null, ...parts);
}

function drawn(value: Piece): ReactNode {
  if (typeof value === "object" && value !== null && "english" in value) return said(value);
  return value;
}
