import { Component, type ReactNode } from "react";

interface Props {
  readonly children: ReactNode;
  /** What stands in the place of what could not be drawn; `again` draws it anew. */
  instead(problem: string, again: () => void): ReactNode;
}

/** A fault in drawing costs what is inside, and nothing around it. */
export class Stumble extends Component<Props, { readonly problem: string | null }> {
  override state = { problem: null };

  static getDerivedStateFromError(error: unknown): { problem: string } {
    return { problem: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    if (this.state.problem === null) return this.props.children;
    return this.props.instead(this.state.problem, () => this.setState({ problem: null }));
  }
}
