import { useEffect, useState } from "react";

/** How long a text stands unchanged before it is read out: a drag or a held key says where it ended, not each step. */
const QUIET_MS = 1200;

/** Whether the text has stood for a moment; until then its live region is busy, and says nothing. */
export function useSettled(text: string): boolean {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), QUIET_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled === text;
}
