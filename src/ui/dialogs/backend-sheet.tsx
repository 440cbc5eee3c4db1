import { useExplorer, useSelect } from "../../state/app/react.tsx";
import { t } from "../../state/app/speech.ts";
import { copyText } from "../app/copy-text.ts";
import { rich } from "../language/rich.tsx";
import { SheetFrame } from "./sheet-frame.tsx";

/** What computes, why the better ones do not, and all of it as text to copy. */
export default function BackendSheet() {
  const report = useSelect((state) => state.backend);
  const model = useSelect((state) => state.intent.model);
  const given = useSelect((state) => state.model?.value.choice === "samples");
  const untested = useSelect((state) => state.untested);
  const { app, actions } = useExplorer();
  const { show, tell } = actions;
  const text = report
    ? JSON.stringify({ app, model, ...report, browser: navigator.userAgent, isolated: crossOriginIsolated }, null, 2)
    : given
      ? t`No network runs: the samples on the screen were given.`
      : t`The backend is still starting.`;
  return (
    <SheetFrame name={t`Backend`} onClose={() => show(null)}>
      {report && (
        <>
          <p>{rich`${<strong>{report.backend}</strong>} computes here: ${report.detail}.`}</p>
          {report.rejected.map(({ backend, reason }) => (
            <p key={backend} className="sentence">{t`Not ${backend}: ${reason}.`}</p>
          ))}
          {untested && (
            <p className="sentence">{t`The model is not self-tested: its golden values could not be fetched. Choose it again to try once more.`}</p>
          )}
          <dl className="facts">
            {Object.entries(report.timings).map(([what, ms]) => (
              <div key={what}>
                <dt>{what}</dt>
                <dd>{ms.toFixed(0)} ms</dd>
              </div>
            ))}
          </dl>
        </>
      )}
      <textarea readOnly aria-label={t`Diagnostics`} rows={9} value={text} />
      <footer className="row">
        <p className="sentence">{t`Add ?backend=webgpu, wasm or cpu to the address to force one.`}</p>
        <button
          type="button"
          className="primary spread"
          onClick={() =>
            void copyText(text).then((done) => tell(done ? t`Diagnostics copied.` : t`Select the text and copy it.`))
          }
        >{t`Copy diagnostics`}</button>
      </footer>
    </SheetFrame>
  );
}
