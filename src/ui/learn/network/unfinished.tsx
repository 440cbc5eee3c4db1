import { useActions } from "../../../state/app/react.tsx";

/** In the place of what failed or was cancelled. */
export function Unfinished({ what }: { readonly what: string }) {
  const { retry } = useActions();
  return (
    <p className="how-what">
      {what}{" "}
      <button type="button" className="link" onClick={retry}>
        Try again
      </button>
    </p>
  );
}
