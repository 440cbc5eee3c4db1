import { useExplorer, useSelect } from "../../state/app/react.tsx";
import { copyText } from "../app/copy-text.ts";
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
      ? "No network runs: the samples on the screen were given."
      : "The backend is still starting.";
  return (
    <SheetFrame name="Backend" onClose={() => show(null)}>
      {report && (
        <>
          <p>
            <strong>{report.backend}</strong> computes here: {report.detail}.
          </p>
          {report.rejected.map(({ backend, reason }) => (
            <p key={backend} className="sentence">
              Not {backend}: {reason}.
            </p>
          ))}
          {untested && (
            <p className="sentence">
              The model is not self-tested: its golden values could not be fetched. Choose it again to try once more.
            </p>
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
      <textarea readOnly aria-label="Diagnostics" rows={9} value={text} />
      <footer className="row">
        <p className="sentence">Add ?backend=webgpu, wasm or cpu to the address to force one.</p>
        <button
          type="button"
          className="primary spread"
          onClick={() =>
            void copyText(text).then((done) => tell(done ? "Diagnostics copied." : "Select the text and copy it."))
          }
        >
          Copy diagnostics
        </button>
      </footer>
    </SheetFrame>
  );
}
