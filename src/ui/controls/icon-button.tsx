import { Icon, type IconName } from "./icons.tsx";

/** A button that is its icon. `label` names it for assistive technology; `look`: further classes. */
export function IconButton(props: {
  readonly icon: IconName;
  readonly label: string;
  readonly title?: string;
  readonly look?: string;
  readonly disabled?: boolean;
  readonly pressed?: boolean;
  onClick(): void;
}) {
  const { icon, label, title, look, disabled, pressed, onClick } = props;
  return (
    <button
      type="button"
      className={look ? `icon ${look}` : "icon"}
      aria-label={label}
      aria-pressed={pressed}
      title={title}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
