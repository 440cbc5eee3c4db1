import { useState } from "react";
import { fromPlain } from "../../core/errors.ts";
import { useArchive, useRuns } from "../../state/app/react.tsx";

/** What went wrong with the archive, as a sentence, and what can be done about it here. */
export function ArchiveTrouble() {
  const { archive } = useRuns();
  const error = useArchive((state) => state.setback);
  if (!error) return null;
  return (
    <div className="archive-trouble">
      <p role="alert">{fromPlain(error).message}</p>
      {error.tag === "ArchiveLogin" ? (
        <Login />
      ) : (
        <button type="button" onClick={() => void archive.retry()}>
          Try again
        </button>
      )}
    </div>
  );
}

/** Name and password go into the request alone. */
function Login() {
  const { archive } = useRuns();
  const [user, setUser] = useState("");
  const [password, setPassword] = useState("");
  return (
    <form
      className="row"
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        setPassword("");
        void archive.logIn(user, password);
      }}
    >
      <label className="archive-field">
        User
        <input type="text" autoComplete="off" value={user} onChange={(event) => setUser(event.target.value)} />
      </label>
      <label className="archive-field">
        Password
        <input
          type="password"
          autoComplete="off"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </label>
      <button type="submit" className="primary" disabled={user === ""}>
        Log in
      </button>
    </form>
  );
}
