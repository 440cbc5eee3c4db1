const PATHS = {
  open: "M2 12.500V3.500h4l1.500 2H14v7zM2 6h12",
  undo: "M6 4 3 7l3 3M3 7h6.500a3.500 3.500 0 0 1 0 7H7",
  redo: "M10 4l3 3-3 3M13 7H6.500a3.500 3.500 0 0 0 0 7H9",
  share:
    "M12 5.500a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM4 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM12 14.500a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM5.800 7.100l4.400-2.500M5.800 8.900l4.400 2.500",
  save: "M8 2v8M5 7l3 3 3-3M2.500 11v3h11v-3",
  lock: "M4 7.500h8v6H4zM5.500 7.500V5a2.500 2.500 0 0 1 5 0v2.500",
  unlock: "M4 7.500h8v6H4zM5.500 7.500V5a2.500 2.500 0 0 1 4.800-1",
  next: "M13 8a5 5 0 1 1-1.600-3.700M13 2v3h-3",
  pin: "M6 2h4l-.500 4 2 2.500h-7L6.500 6zM8 8.500V14",
  close: "M4 4l8 8M12 4l-8 8",
  lasso:
    "M8 3c3 0 5.500 1.500 5.500 3.500S11 10 8 10 2.500 8.500 2.500 6.500 5 3 8 3zM5 9.500c-1.200.500-1.200 2 0 2.300 1.300.400 1 1.700 0 2.200",
  plus: "M8 3v10M3 8h10",
  minus: "M3 8h10",
  whole: "M2.500 6V2.500H6M10 2.500h3.500V6M13.500 10v3.500H10M6 13.500H2.500V10",
  onto: "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1.500v3M8 11.500v3M1.500 8h3M11.500 8h3",
  contrast: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 2v12M8 5h3.800M8 8h6M8 11h3.800",
  erase: "M6 13h7M3 9.500 9 3.500l4 4L7.500 13H5.500z",
  info: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 7.200v3.800M8 5h.010",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
