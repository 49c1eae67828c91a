import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { runReview, type RunOptions } from "../../src/review/run";
import { goodLayout } from "./good-layout";
import { planText } from "./fixtures";
import { scratchFolder } from "../scratch";

const folder = scratchFolder("review");
const file = (name: string, text: string) => {
  writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
};
const guide = file("guide.json", planText("guide"));
const good = file("good.json", JSON.stringify(goodLayout()));

async function run(from: string, options: RunOptions = {}) {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await runReview(from, options, { write: (text) => out.push(text) }, { write: (text) => err.push(text) });
  return { code, out: out.join(""), err: err.join("") };
}

describe("exit codes", () => {
  it("are 0 for a clean review", async () => expect((await run(good)).code).toBe(0));
  it("are 1 for findings", async () => expect((await run(guide)).code).toBe(1));
  it("are 0 when nothing is to fail", async () => expect((await run(guide, { failOn: "never" })).code).toBe(0));
  it("are 2 for input that can't be reviewed, with the reason on stderr", async () => {
    const { code, out, err } = await run(file("state.json", JSON.stringify({ lineage: "x", serial: 1 })));
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain("is a state file, not a plan.");
  });
  it("are 2 for a plan in place of the configuration behind it", async () => {
    expect(await run(guide, { synthesized: guide })).toEqual({
      code: 2,
      out: "",
      err: `${guide} is a plan or a state; give the cdk.tf.json that it was made of.\n`,
    });
  });
  it("follow --fail-on", async () => {
    const noted = file("noted.json", planText("modules"));
    expect((await run(noted)).code).toBe(0);
    expect((await run(noted, { failOn: "note" })).code).toBe(1);
  });
});

describe("--not-a-node", () => {
  it("leaves a service out", async () => {
    const { code, out } = await run(good, { notANode: ["mail"] });
    expect([code, out.split("\n")[1]]).toEqual([0, expect.stringMatching(/^2 services; 4 of 4 /)]);
  });

  it("refuses a name that no service has, and says which there are", async () => {
    expect(await run(good, { notANode: ["mial"] })).toEqual({
      code: 2,
      out: "",
      err: "--not-a-node mial: no ECS service has this name. There are mail, shop, stock.\n",
    });
  });
});

describe("--ignore", () => {
  const noted = () => file("noted.json", planText("modules"));
  const address = 'module.service["shop"].aws_vpc_security_group_egress_rule.all';

  it("leaves a finding out, and shows the reason", async () => {
    const { out } = await run(noted(), { ignore: [`egress-unguarded@${address}=a firewall protects it`] });
    expect(out).toContain(`ignored egress-unguarded at ${address}: a firewall protects it`);
    expect(out).toContain("2 notes");
  });

  it("wants a reason", async () => {
    expect(await run(noted(), { ignore: [`egress-unguarded@${address}`] })).toMatchObject({
      code: 2,
      err: expect.stringContaining("give it as ID@address=reason") as string,
    });
  });

  it("refuses an id that no check has", async () => {
    expect((await run(noted(), { ignore: ["no-such-check@a.b=reason"] })).err).toContain(
      'no check is called "no-such-check"',
    );
  });

  it.each([{}, { json: true }, { markdown: true }])("names a suppression that matches nothing: %j", async (format) => {
    const { out } = await run(noted(), { ignore: ["public-ip@aws_ecs_service.gone=was once right"], ...format });
    expect(out.replaceAll("\\", "").replace("&#8203;", "")).toMatch(
      format.json
        ? /"unused": \[\s+{\s+"check": "public-ip"/
        : /the suppression public-ip@aws_ecs_service\.gone matches nothing and can go/,
    );
  });

  it("names none that one of several stacks needs, and others once", async () => {
    // GIVEN two stacks, one of which gives tasks a public address
    const stacks = path.join(folder, "cdktf.out");
    for (const name of ["one", "two"]) {
      const layout = goodLayout();
      if (name === "two")
        Object.assign(layout.resource.aws_ecs_service!.shop!.network_configuration as object, {
          assign_public_ip: true,
        });
      mkdirSync(path.join(stacks, "stacks", name), { recursive: true });
      writeFileSync(path.join(stacks, "stacks", name, "cdk.tf.json"), JSON.stringify(layout));
    }
    const { out } = await run(stacks, { ignore: ["public-ip@aws_ecs_service.shop=here", "one-role@a.b=never"] });
    expect(out).not.toContain("public-ip@aws_ecs_service.shop matches nothing");
    expect(out.match(/one-role@a\.b matches nothing/g)).toHaveLength(1);
  });
});

describe("a baseline", () => {
  it("suppresses what it was written from, and nothing new", async () => {
    // GIVEN the baseline of a plan with findings
    const baseline = path.join(folder, "baseline.json");
    const written = await run(guide, { writeBaseline: baseline });
    expect([written.code, written.err]).toEqual([0, expect.stringContaining("give each suppression its own reason")]);
    // THEN the same plan is clean with it
    expect((await run(guide, { baseline })).code).toBe(0);
    // AND a plan with one more finding is not
    const worse = file(
      "worse.json",
      planText("guide").replaceAll(
        '"deployment_maximum_percent":200,"deployment_minimum_healthy_percent":100',
        '"deployment_maximum_percent":200,"deployment_minimum_healthy_percent":10',
      ),
    );
    expect((await run(worse, { baseline, failOn: "warning" })).code).toBe(1);
  });

  it("of another version is refused", async () => {
    expect(await run(guide, { baseline: file("old.json", '{"version":9}') })).toMatchObject({
      code: 2,
      err: expect.stringContaining("isn't a baseline of version 1") as string,
    });
  });

  it("without reasons is refused", async () => {
    const bare = file(
      "bare.json",
      JSON.stringify({ version: 1, suppressions: [{ check: "public-ip", address: "*" }] }),
    );
    expect((await run(guide, { baseline: bare })).err).toContain("suppression 1 needs check, address and reason");
  });
});

it("writes HTML in addition to what it prints", async () => {
  const html = path.join(folder, "review.html");
  await run(good, { html });
  expect(readFileSync(html, "utf8")).toMatch(/^<!doctype html>/);
});
