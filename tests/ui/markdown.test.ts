import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { Markdown } from "../../src/ui/controls/markdown.tsx";

const html = (text: string, pictures = {}) => renderToStaticMarkup(createElement(Markdown, { text, pictures }));

describe("a model card's Markdown", () => {
  it("knows headings, paragraphs, lists, tables, code and bold", () => {
    expect(html("# Title\n\nOne **two** `three`")).toBe(
      '<div class="markdown"><h3>Title</h3><p>One <strong>two</strong> <code>three</code></p></div>',
    );
    expect(html("- a\n- b\n  goes on")).toContain("<ul><li>a</li><li>b\n  goes on</li></ul>");
    expect(html("| n | GED² |\n| --- | --- |\n| 16 | .25 |")).toContain("<td>16</td><td>.25</td>");
  });

  it("never makes markup out of the text's own", () => {
    const out = html("<img src=x onerror=alert(1)> [x](javascript:alert(1))");
    expect(out).not.toContain("<img");
    expect(out).not.toContain("javascript:");
  });

  it("folds the lab log away, up to the next heading of its level", () => {
    expect(html("## Figures\n\nGood.\n\n## Lab log\n\n### Day 1\n\nTried.\n\n## Licence\n\nMIT")).toBe(
      '<div class="markdown"><h3>Figures</h3><p>Good.</p><details><summary>Lab log</summary>' +
        '<div class="markdown"><h3>Day 1</h3><p>Tried.</p></div></details><h3>Licence</h3><p>MIT</p></div>',
    );
  });

  it("shows a picture whose address is known, and leaves out any other", () => {
    const card = "![Six nodules](examples.png)\n\n![Curves](curves.png)";
    expect(html(card, { "examples.png": "assets/examples-1.png" })).toBe(
      '<div class="markdown"><img src="assets/examples-1.png" alt="Six nodules" loading="lazy"/></div>',
    );
  });

  it("leaves comments out", () => {
    expect(html("<!-- figures -->\n\nBefore\n\n<!-- /figures -->")).toBe('<div class="markdown"><p>Before</p></div>');
  });
});
