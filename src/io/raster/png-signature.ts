/** What every PNG begins with (PNG §5.2), as Latin-1. */
export const PNG_SIGNATURE = "\x89PNG\r\n\x1a\n";
