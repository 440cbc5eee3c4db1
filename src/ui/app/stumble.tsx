import { Component, type ReactNode } from "react";

/** What is shown where drawing the page itself failed: a sentence instead of a blank screen. */
export class Stumble extends Component<{ readonly children: ReactNode }, { readonly problem: string | null }> {
  override state = { problem: null };

  static getDerivedStateFromError(error: unknown): { problem: string } {
    return { problem: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    if (this.state.problem === null) return this.props.children;
    return (
      <div className="stumble" role="alert">
        <p>The page stumbled ({this.state.problem}). Reload it: the address still holds your view.</p>
        <button type="button" className="primary" onClick={() => location.reload()}>
          Reload
        </button>
      </div>
    );
  }
}
