import { addSsl } from "../../../src/adopt/steps/ssl-application";
import { isComplete } from "../../../src/adopt";
import { Project, fixtures } from "../project";

const source = (list: string) =>
  `defmodule A.MixProject do\n  def application do\n    [${list}mod: {A.Application, []}]\n  end\nend\n`;

describe("OTP's application ssl", () => {
  it.each([
    ["after the others", "[:logger]", "[:logger, :ssl]"],
    ["to an empty list", "[]", "[:ssl]"],
    ["before a comment", "[\n      :logger # logs\n    ]", "[\n      :logger, :ssl # logs\n    ]"],
    ["whatever a comment says", "[:logger] # no :ssl", "[:logger, :ssl] # no :ssl"],
  ])("is added %s", (_, before, after) => {
    expect(addSsl(source(`extra_applications: ${before},\n     `))).toEqual({
      kind: "edited",
      text: source(`extra_applications: ${after},\n     `),
    });
  });

  it("is there already", () => {
    expect(addSsl(source("extra_applications: [:logger, :ssl], "))).toEqual({ kind: "present" });
  });

  it.each(["", "extra_applications: applications(), "])("is added by hand where the list is %j", (list) => {
    expect(addSsl(source(list))).toMatchObject({ kind: "by-hand", lines: "extra_applications: [:ssl]" });
  });
});

describe.each(fixtures)("%s with --tls", (name) => {
  it("gets ssl where Phoenix doesn't bring it, and needs nothing then", () => {
    const project = Project.fixture(name);
    const what = "OTP's application ssl, which distribution over TLS needs";
    expect(project.plan().findings.filter(({ step }) => step.what === what)).toEqual([]);
    const [found] = project.plan({ tls: true }).findings.filter(({ step }) => step.what === what);
    const phoenix = /^phoenix|^umbrella/.test(name);
    expect(found?.edit.kind).toBe(phoenix ? "present" : "edited");
    project.adopt({ tls: true });
    expect(project.findings(found!.step.file, project.plan({ tls: true }))).toContain(`present: ${what}`);
    if (name === "plain-sup") expect(isComplete(project.plan({ tls: true }))).toBe(true);
  });
});
