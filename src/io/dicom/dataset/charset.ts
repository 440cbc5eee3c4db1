/** Specific Character Set (PS3.3 C.12.1.1.2) → a name that TextDecoder knows. */
export function charset(term: string): string {
  const number = /ISO[_ ]IR[_ ](\d+)/.exec(term.replace("2022 IR", "ISO_IR"))?.[1];
  const names: Readonly<Record<string, string>> = {
    "192": "utf-8",
    "101": "iso-8859-2",
    "109": "iso-8859-3",
    "110": "iso-8859-4",
    "144": "iso-8859-5",
    "127": "iso-8859-6",
    "126": "iso-8859-7",
    "138": "iso-8859-8",
    "148": "windows-1254",
    "13": "shift_jis",
    "166": "windows-874",
    "87": "iso-2022-jp",
    "149": "euc-kr",
  };
  if (term === "GB18030" || term === "GBK") return "gb18030";
  return (number && names[number]) ?? "windows-1252";
}
