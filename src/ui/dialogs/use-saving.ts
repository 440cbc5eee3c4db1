import { useState } from "react";
import { useActions } from "../../state/app/react.tsx";
import { t } from "../../state/app/speech.ts";
import type { Download } from "../../state/explore/export.ts";
import { saveFile } from "../app/copy-text.ts";

/** Makes a file, saves it and says so, or says why not; and whether it is at it. */
export function useSaving(make: () => Promise<Download>) {
  const [working, setWorking] = useState(false);
  const { tell, warn } = useActions();
  const save = async () => {
    setWorking(true);
    try {
      const { name, bytes } = await make();
      saveFile(name, bytes);
      tell(t`Saved ${name}.`);
    } catch (error) {
      warn(error);
    }
    setWorking(false);
  };
  return { save, working };
}
