import fc from "fast-check";
import { unifiedDiff } from "../../src/adopt";
import { decode, encodeEdited } from "../../src/adopt/source/source-bytes";
import { Project } from "./project";
import { notEmpty } from "../not-empty";

const latin1 = (text: string) => Buffer.from(text, "latin1");

/** Each byte of `before` that isn't in `after` at the same place among the others. */
const removedLines = (diff: Buffer) =>
  diff
    .toString("latin1")
    .split("\n")
    .filter((line) => line.startsWith("-") && !line.startsWith("--- "));

describe("a file that adopt edits", () => {
  it.each<[string, Buffer, string]>([
    ["Latin-1", latin1("# Gr\xFC\xDFe \xA0\nimport Config\n"), "config/config.exs"],
    ["mixed line ends", Buffer.from("# one\r\nimport Config\n# two\r\n"), "config/config.exs"],
    ["no final line end", Buffer.from("import Config\nconfig :a, b: 1"), "config/config.exs"],
    ["blank lines at its end", Buffer.from("import Config\n\n\n"), "config/config.exs"],
    ["a lone CR", Buffer.from("import Config\n# a\rb\n"), "config/config.exs"],
    ["a byte-order mark", Buffer.from("\uFEFFimport Config\nconfig :a, b: 1\n"), "config/config.exs"],
    ["UTF-8 with one wrong byte", latin1("import Config\n# \xC3\xA4 \xFF\n"), "config/config.exs"],
    ["a NUL", Buffer.from("import Config\n# \0\n"), "config/config.exs"],
  ])("keeps its other bytes: %s", (_, before, file) => {
    const project = Project.fixture("plain-sup");
    project.write(file, before);
    const change = project.adopt().changes.find((one) => one.file === file);
    expect(change?.after.subarray(0, before.length)).toEqual(before);
    expect(project.bytes(file)).toEqual(change?.after);
    const lastLine = before.at(-1) === 0x0a ? [] : ["-config :a, b: 1"];
    expect(removedLines(unifiedDiff([change!]))).toEqual(lastLine);
  });

  it("keeps the line end of each line around an edit in its middle", () => {
    const project = Project.fixture("phoenix-1.7");
    const before = latin1(
      project
        .read("Dockerfile")
        .replace(/(ca-certificates \\)\n/, "$1\r\n")
        .replace("FROM", "# \xE9\r\nFROM"),
    );
    project.write("Dockerfile", before);
    const change = project.adopt().changes.find(({ file }) => file === "Dockerfile")!;

    const diff = unifiedDiff([change]);
    const [removed = "", ...others] = removedLines(diff);
    expect(removed).toMatch(/^- {2}apt-get install -y libstdc.*\r$/);
    expect(others).toEqual([]);
    expect(diff.toString("latin1")).toMatch(/^\+ {2}apt-get install -y curl jq .*\r$/m);
  });

  it("gets from the printed diff what adopt writes, whatever its bytes", () => {
    const odd = (project: Project) => {
      project.write("config/config.exs", latin1("# Gr\xFC\xDFe\r\nimport Config\n# \xFF"));
      project.replace("mix.exs", "deps: deps()", "deps: deps() # \u00E9");
      return project.commit();
    };
    const adopted = odd(Project.fixture("plain-sup"));
    const patched = odd(Project.fixture("plain-sup"));
    const plan = adopted.adopt();
    patched.write(".patch", unifiedDiff(plan.changes));
    patched.git("apply", "--whitespace=nowarn", ".patch");
    for (const { file } of notEmpty(plan.changes)) expect(patched.bytes(file)).toEqual(adopted.bytes(file));
  });
});

describe("encodeEdited", () => {
  const unit = fc.constantFrom("a", "\r", "\n", "\r\n", "\xE4", "\xFF", "\xC3\xA4", "\xEF\xBB\xBF", " ");
  const file = fc.array(unit, { maxLength: 40 }).map((parts) => latin1(parts.join("")));

  it("gives the same bytes for a text that wasn't edited", () => {
    fc.assert(fc.property(file, (bytes) => expect(encodeEdited(bytes, decode(bytes))).toEqual(bytes)));
  });

  it("keeps every line around one that is added", () => {
    fc.assert(
      fc.property(file, fc.nat(), (bytes, position) => {
        const text = decode(bytes);
        const lines = text.split("\n");
        const at = position % lines.length;
        const edited = encodeEdited(bytes, [...lines.slice(0, at), "NEW \u2026", ...lines.slice(at)].join("\n"));
        const start = edited.indexOf("NEW");
        const end = edited.indexOf("\n", start) + 1;
        expect(Buffer.concat([edited.subarray(0, start), edited.subarray(end)])).toEqual(bytes);
        expect(edited.toString()).toContain("NEW \u2026");
      }),
    );
  });
});
