import type { ReactNode } from "react";

/** A heading whose section is there for those who look for it: folded until it is asked for. */
const FOLDED = /^## (Lab log)$/;

/**
 * The little Markdown of a model card: headings, paragraphs, lists, tables, code, bold, links, pictures by the address
 * that `pictures` has for their file. No HTML ever.
 */
export function Markdown({ text, pictures = {} }: { text: string; pictures?: Readonly<Record<string, string>> }) {
  return <div className="markdown">{sections(blocks(text.replace(/<!--[\s\S]*?-->/g, "")), pictures)}</div>;
}

/** All blocks in order; what follows a folded heading, up to the next one of its level, lies behind it. */
function sections(all: readonly string[], pictures: Readonly<Record<string, string>>): ReactNode[] {
  const found: ReactNode[] = [];
  for (let at = 0; at < all.length; at++) {
    const block = all[at] as string;
    const folded = FOLDED.exec(block)?.[1];
    if (folded === undefined) {
      found.push(render(block, at, pictures));
      continue;
    }
    const next = all.findIndex((other, index) => index > at && /^#{1,2} /.test(other));
    const end = next < 0 ? all.length : next;
    found.push(
      <details key={at}>
        <summary>{folded}</summary>
        <div className="markdown">{all.slice(at + 1, end).map((inner, index) => render(inner, index, pictures))}</div>
      </details>,
    );
    at = end - 1;
  }
  return found;
}

function blocks(text: string): string[] {
  const found: string[] = [];
  let fence: string[] | null = null;
  let open: string[] = [];
  const close = () => {
    if (open.length > 0) found.push(open.join("\n"));
    open = [];
  };
  for (const line of text.split("\n")) {
    if (line.startsWith("```")) {
      if (fence) found.push(["```", ...fence].join("\n"));
      else close();
      fence = fence ? null : [];
    } else if (fence) fence.push(line);
    else if (line.trim() === "") close();
    else if (/^#{1,6} /.test(line)) {
      close();
      found.push(line);
    } else open.push(line);
  }
  close();
  return found;
}

function render(block: string, key: number, pictures: Readonly<Record<string, string>>): ReactNode {
  const lines = block.split("\n");
  const heading = /^(#{1,6}) (.*)$/.exec(block);
  if (heading) return <h3 key={key}>{inline(heading[2] ?? "")}</h3>;
  if (block.startsWith("```"))
    return (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what is wider than the card is scrolled by keys
      <pre key={key} tabIndex={0}>
        {lines.slice(1).join("\n")}
      </pre>
    );
  if (lines.length > 1 && /^\|?[\s:|-]+\|?$/.test(lines[1] ?? "") && block.includes("|")) return table(lines, key);
  if (lines.every((line) => /^\s*([-*]|\d+\.) |^\s+/.test(line))) {
    const items = block.split(/\n(?=\s*(?:[-*]|\d+\.) )/).map((item) => item.replace(/^\s*([-*]|\d+\.) /, ""));
    return (
      <ul key={key}>
        {items.map((item, index) => (
          <li key={index}>{inline(item)}</li>
        ))}
      </ul>
    );
  }
  const picture = /^!\[([^\]]*)\]\(([^)\s]+)\)$/.exec(block);
  if (picture) {
    const address = pictures[picture[2] ?? ""];
    return address ? <img key={key} src={address} alt={picture[1] ?? ""} loading="lazy" /> : null;
  }
  return <p key={key}>{inline(block)}</p>;
}

function table(lines: readonly string[], key: number): ReactNode {
  const cells = (line: string) =>
    line
      .replace(/^\||\|$/g, "")
      .split("|")
      .map((cell) => cell.trim());
  return (
    <div key={key} className="table-scroll">
      <table>
        <thead>
          <tr>
            {cells(lines[0] ?? "").map((cell, index) =>
              cell === "" ? (
                <td key={index} />
              ) : (
                <th key={index} scope="col">
                  {inline(cell)}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {lines.slice(2).map((line, row) => (
            <tr key={row}>
              {cells(line).map((cell, index) => (
                <td key={index}>{inline(cell)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** `code`, **bold**, *italic*, [text](address); everything else as it stands. */
function inline(text: string): ReactNode[] {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*|\*[^*\s][^*]*\*|\[[^\]]+\]\([^)\s]+\))/).map((part, index) => {
    if (part.startsWith("`")) return <code key={index}>{part.slice(1, -1)}</code>;
    if (part.startsWith("**")) return <strong key={index}>{part.slice(2, -2)}</strong>;
    const link = /^\[([^\]]+)\]\((https?:\/\/[^)\s]+)\)$/.exec(part);
    if (link) {
      return (
        <a key={index} href={link[2]} target="_blank" rel="noreferrer">
          {link[1]}
        </a>
      );
    }
    const local = /^\[([^\]]+)\]\([^)\s]+\)$/.exec(part);
    if (local) return local[1];
    if (/^\*[^*\s]/.test(part) && part.endsWith("*")) return <em key={index}>{part.slice(1, -1)}</em>;
    return part;
  });
}
