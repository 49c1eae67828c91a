import { PassThrough } from "node:stream";
import { answersFor, type GivenAnswers } from "../../../src/cli/init/answers";
import { answerProblem } from "../../../src/init";

/** A person who types these lines, each after its question. Nothing more is typed at the end. */
async function typed(options: GivenAnswers, ...lines: string[]) {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = Object.assign(new PassThrough(), { isTTY: true });
  const asked: string[] = [];
  let shown = "";
  output.on("data", (chunk: Buffer) => {
    shown += chunk.toString();
    const question = /^([^:[]+)(\[.*\])?: $/.exec(chunk.toString());
    if (!question) return;
    asked.push(question[1]!.trim());
    input.write(lines.shift() ?? "\u0004");
  });
  return { answers: await answersFor(options, "shop", answerProblem, { input, output }), asked, shown };
}

const questions = {
  name: "Name of the service",
  region: "AWS region",
  vpc: "Existing VPC, by its id or its tag Name, or create",
  domain: "Public domain, empty for none",
  state: "S3 bucket of the Terraform state, or local",
};

describe("questions", () => {
  it("ask for what no option gives, with defaults", async () => {
    const given = { environment: "prod", region: "eu-north-1" };
    const { answers, asked } = await typed(given, "\n", "main\n", "\n", "\n");
    expect(asked).toEqual([questions.name, questions.vpc, questions.domain, questions.state]);
    expect(answers).toEqual({ environment: "prod", name: "shop", region: "eu-north-1", vpc: "main", state: "local" });
  });

  it("are asked again after a wrong answer, with what is allowed", async () => {
    const lines = ["Shop_App\n", "my-shop\n", "EU-WEST-1\n", "eu-west-1\n", "\n", "vpc-1\n", "main\n"];
    const web = ["https://shop.example.com\n", "shop.example.com\n", "s3://acme\n", "acme-state\n"];
    const { answers, asked, shown } = await typed({ environment: "prod" }, ...lines, ...web);
    const { name, region, vpc, domain, state } = questions;
    expect(asked).toEqual([name, name, region, region, vpc, vpc, vpc, domain, domain, state, state]);
    expect(answers).toMatchObject({
      name: "my-shop",
      region: "eu-west-1",
      vpc: "main",
      domain: "shop.example.com",
      state: "acme-state",
    });
    expect(shown).toContain('  "EU-WEST-1". Allowed: an AWS region such as "eu-west-1". Did you mean "eu-west-1"?\n');
    expect(shown).toContain('  "https://shop.example.com". Allowed: a public name');
    expect(shown).toContain("  No answer. Allowed: a VPC's id");
  });

  it("take lines that are pasted together", async () => {
    const { answers, asked } = await typed({ environment: "prod" }, "my-shop\neu-west-1\ncreate\n\nlocal\n");
    expect(asked).toHaveLength(5);
    expect(answers).toMatchObject({ name: "my-shop", region: "eu-west-1", vpc: "create", state: "local" });
  });

  it.each([
    ["Ctrl-C", "\u0003"],
    ["Ctrl-D", "\u0004"],
  ])("end with %s, without an answer", async (_name, key) => {
    const { answers, asked } = await typed({ environment: "prod" }, "\n", key);
    expect(answers).toBeUndefined();
    expect(asked).toEqual([questions.name, questions.region]);
  });
});
