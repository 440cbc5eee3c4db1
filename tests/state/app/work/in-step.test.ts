import { describe, expect, it } from "vitest";
import { createStore } from "zustand/vanilla";
import { InStep } from "../../../../src/state/app/work/in-step.ts";

describe("what keeps in step with the state", () => {
  it("passes at once, at every change of each store, when it is asked to, and no more once it is disposed", () => {
    const [one, other] = [createStore(() => ({ n: 0 })), createStore(() => ({ n: 0 }))];
    let passes = 0;
    const inStep = new InStep([one, other], () => passes++);
    expect(passes).toBe(1);
    one.setState({ n: 1 });
    other.setState({ n: 1 });
    expect(passes).toBe(3);
    inStep.follow();
    expect(passes).toBe(4);
    inStep.dispose();
    one.setState({ n: 2 });
    other.setState({ n: 2 });
    expect(passes).toBe(4);
  });

  it("does not pass for what a pass changes", () => {
    const store = createStore(() => ({ n: 0 }));
    const seen: number[] = [];
    new InStep([store], () => {
      seen.push(store.getState().n);
      store.setState(({ n }) => ({ n: n + 1 }));
    });
    store.setState({ n: 10 });
    expect(seen).toEqual([0, 10]); // neither 1 nor 11
  });

  it("passes again after a pass that failed", () => {
    const store = createStore(() => ({ n: 0 }));
    const seen: number[] = [];
    new InStep([store], () => {
      const { n } = store.getState();
      if (n === 1) throw new Error("a pass failed");
      seen.push(n);
    });
    expect(() => store.setState({ n: 1 })).toThrow("a pass failed");
    store.setState({ n: 2 });
    expect(seen).toEqual([0, 2]);
  });
});
