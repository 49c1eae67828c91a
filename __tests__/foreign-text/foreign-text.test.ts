import { spawnSync } from "node:child_process";
import { Graphviz } from "@hpcc-js/wasm-graphviz";
import fc from "fast-check";
import MarkdownIt from "markdown-it";
import {
  code,
  coloursOf,
  dot,
  drawing,
  html,
  json,
  markdown,
  type Markup,
  mermaid,
  print,
  quoted,
  scriptJson,
  terminal,
  visible,
  visibleData,
} from "../../src/foreign-text";
import { projectRoot } from "../../src/project-root";
import { hiddenCharacters, hostileText, isCommand } from "./hostile";

/** What `print` writes. */
function printed(text: Parameters<typeof print>[0]): string {
  let written = "";
  print(text, { write: (piece: string) => (written += piece) });
  return written;
}

describe("foreign text", () => {
  it("is shown on one line, with an escape for each character that can't be seen", () => {
    expect(visible("svc\u001b[2J\u001b]0;owned\u0007\n::error::forged")).toBe(
      "svc\\u{1b}[2J\\u{1b}]0;owned\\u{7}\\n::error::forged",
    );
    expect(visible("a\ufe0fb")).toBe("a\\u{fe0f}b");
    expect(visible("\u202egnp.exe\u200b\u00a0")).toBe("\\u{202e}gnp.exe\\u{200b}\\u{a0}");
  });

  it("stays as it is where it can be seen", () => {
    for (const text of ['aws_ecs_service.a["x y"]', "größer → 日本 🎉 ⚠️", "C:\\new", "::/0"])
      expect(visible(text)).toBe(text);
  });

  it("holds nothing hidden afterwards, and a second time changes nothing", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(visible(text)).not.toMatch(hiddenCharacters);
        expect(visible(text)).not.toMatch(/\n/);
        expect(visible(visible(text))).toBe(visible(text));
      }),
    );
  });

  it("is made visible in a whole answer, whatever else is in it", () => {
    const now = new Date(0);
    expect(visibleData({ nodes: [{ node: "n\u001b]0;owned\u0007", at: now, seen: undefined, count: 2 }] })).toEqual({
      nodes: [{ node: "n\\u{1b}]0;owned\\u{7}", at: now, seen: undefined, count: 2 }],
    });
  });
});

describe("on a terminal", () => {
  it("no foreign text makes a line, a control character or a command of a pipeline's", () => {
    fc.assert(
      fc.property(hostileText, hostileText, (one, other) => {
        for (const text of [terminal`${one}: ${other}`, terminal`      ${one}`, coloursOf(true).red(one)]) {
          const [line, ...rest] = printed(text).split("\n");
          expect(rest).toEqual([""]);
          // Our own colours are around the text.
          expect(line!.replace(/^\u001b\[31m|\u001b\[39m$/g, "")).not.toMatch(hiddenCharacters);
          expect(isCommand(line!)).toBe(false);
        }
      }),
    );
  });

  it("plain text, such as an error's message, keeps its lines and nothing else", () => {
    expect(printed("one\ntwo\u001b[2J\n  ::error::x\u001b[31m")).toBe(
      "one\ntwo\\u{1b}[2J\n  \\::error::x\\u{1b}[31m\n",
    );
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(printed(text)).not.toMatch(hiddenCharacters);
        expect(printed(text).split("\n").some(isCommand)).toBe(false);
      }),
    );
  });
});

describe("in JSON", () => {
  it("is the very same value, written without hidden characters", () => {
    fc.assert(
      fc.property(fc.dictionary(hostileText, fc.array(hostileText)), (value) => {
        const text = printed(json(value, 2));
        expect(JSON.parse(text)).toEqual(value);
        expect(text).not.toMatch(hiddenCharacters);
        expect(text.split("\n").some(isCommand)).toBe(false);
      }),
    );
  });
});

describe("in Markdown", () => {
  const parser = new MarkdownIt({ html: true, linkify: true });
  // As GitHub: no link of any name with a dot. Source: https://github.github.com/gfm/#autolinks-extension-
  parser.linkify.set({ fuzzyLink: false });
  const paragraph = ["paragraph_open", "inline", "paragraph_close"];
  /** The tokens of a document, and the text that a reader sees of it. */
  function parse(text: Markup<"markdown">) {
    const tokens = parser.parse(String(text), {});
    const inline = tokens.flatMap(({ children }) => children ?? []);
    const shown = inline.map(({ type, content }) => (type === "softbreak" ? "\n" : content)).join("");
    return { blocks: tokens.map(({ type }) => type), inline: inline.map(({ type }) => type), shown };
  }

  it("is text and nothing else: no heading, list, quote, code, image, link or HTML", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const { blocks, inline, shown } = parse(markdown`so: ${text}.`);
        expect(blocks).toEqual(paragraph);
        expect(inline.filter((type) => !/^text(_special)?$/.test(type))).toEqual([]);
        // And it can be read: word breaks aside, it is what every other format shows.
        expect(shown.replaceAll("\u200b", "").replace(/ +/g, " ")).toBe(`so: ${visible(text)}.`.replace(/ +/g, " "));
        expect(shown).not.toMatch(/@\w|#\d|:\/\/|www\./);
      }),
      { numRuns: 500 },
    );
  });

  it("is one item's text in a list, and one cell of a table", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const list = ["bullet_list_open", "list_item_open", ...paragraph, "list_item_close", "bullet_list_close"];
        const { blocks } = parse(markdown`- ${text} x`);
        expect(blocks).toEqual(list);
        const cells = parse(markdown`| a | b |\n|---|---|\n| x${text} | y |`).blocks.filter(
          (type) => type === "td_open",
        );
        expect(cells).toHaveLength(2);
      }),
      { numRuns: 500 },
    );
  });

  it("is one code span, whatever backticks are in it", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const { blocks, inline, shown } = parse(markdown`- x\n  ${code(text)} · id`);
        expect(blocks.filter((type) => type === "inline")).toHaveLength(1);
        expect(inline).toEqual(["text", "softbreak", "code_inline", "text"]);
        expect(shown).toBe(`x\n${visible(text)} · id`);
      }),
      { numRuns: 500 },
    );
  });

  it("ends no drawing's fence, no label in it, and gives it no directive", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const source = mermaid`flowchart LR\n  n0["<b>${text}</b>"]`;
        const tokens = parser.parse(String(drawing(source)), {});
        expect(tokens.map(({ type }) => type)).toEqual(["fence"]);
        const label = /^ {2}n0\["<b>([^"`<>&%{}\n]*)<\/b>"\]$/m.exec(tokens[0]!.content)![1]!;
        expect(label.replace(/#(\d+);/g, (_, number) => String.fromCharCode(Number(number)))).toBe(visible(text));
      }),
    );
  });
});

describe("in HTML", () => {
  it("is neither markup nor the end of an attribute, a script or a title", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const page = String(html`<p title="${text}">${text}</p>`);
        const [, attribute, content] = /^<p title="([^"<>']*)">([^"<>']*)<\/p>$/.exec(page)!;
        expect(attribute).toBe(content);
        expect(page).not.toMatch(hiddenCharacters);
        const script = String(scriptJson({ text }));
        expect(script).not.toMatch(/[<>&]/);
        expect(JSON.parse(script)).toEqual({ text });
      }),
    );
  });
});

describe("in a drawing of Graphviz", () => {
  it("is the label's text, and adds no node", async () => {
    const graphviz = await Graphviz.load();
    fc.assert(
      fc.property(hostileText, (text) => {
        const source = dot`digraph { n0 [id=${quoted(`i ${text}`)}, label=<<b>x${text}</b>>]; n1 [label=${quoted(`x ${text}`)}] }`;
        const svg = graphviz.layout(String(source), "svg", "dot");
        expect(svg.match(/<g id="[^"]*" class="node"/g)).toHaveLength(2);
        expect(svg).not.toMatch(/<(a|img|script)\b/);
      }),
      { numRuns: 50 },
    );
  });
});

describe("no other way out", () => {
  it("plain text in a template is escaped, and so is markup of another format", () => {
    expect(String(html`<p>${`<b>${"x"}</b>`}</p>`)).toBe("<p>&lt;b&gt;x&lt;/b&gt;</p>");
    // @ts-expect-error -- a terminal's text isn't HTML
    expect(String(html`<p>${terminal`<b>`}</p>`)).toBe("<p>&lt;b&gt;</p>");
  });

  it("a renderer can't return text that no template made", () => {
    const plain: string = "<b>";
    // @ts-expect-error -- only a template makes markup
    const markup: Markup<"html"> = plain;
    expect(String(markup)).toBe("<b>");
  });

  const lint = (file: string, source: string) =>
    spawnSync("npx", ["--no-install", "eslint", "--stdin", "--stdin-filename", file], {
      cwd: projectRoot,
      encoding: "utf8",
      input: source,
    }).stdout;

  it("lint finds what prints, colours or makes markup elsewhere", () => {
    const source = [
      'import pc from "picocolors";',
      'import { Markup } from "../../foreign-text/markup";',
      "export function show(name: string, out: { write(text: string): void }) {",
      "  console.log(name);",
      "  process.stdout.write(name);",
      "  process.stderr.write(name);",
      "  out.write(pc.red(name));",
      '  return new Markup("html", name);',
      "}",
      "",
    ].join("\n");
    const found = [...lint("src/review/render/show.ts", source).matchAll(/^ +(\d+):\d+ +error/gm)].map(
      ([, line]) => line,
    );
    expect(found).toEqual(["1", "2", "4", "5", "6", "7"]);
  });

  it("lint finds nothing in what prints through foreign-text", () => {
    const source =
      'import { print, terminal } from "../../foreign-text";\n\n' +
      "export const show = (name: string) => print(terminal`${name}`);\n";
    expect(lint("src/review/render/show.ts", source)).toBe("");
  });
});
