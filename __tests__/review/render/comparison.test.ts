import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import Ajv from "ajv";
import schema from "../../../docs/review.schema.json";
import type { Service } from "../../../src/review/cluster/services";
import { compare, type LinkChange } from "../../../src/review/comparison";
import { describeComparison } from "../../../src/review/render/comparison";
import { renderHtml } from "../../../src/review/render/html/page";
import { reviewPlan } from "../../../src/review/review";
import { runReview, type RunOptions } from "../../../src/review/run";
import { planOfServices, type Topology } from "../../../bench/plan-of-services";
import { scratchFolder } from "../../scratch";
import { service, stackJson } from "../../stacks/environment";
import { goodLayout } from "../good-layout";
import { edited, type Edit, withoutRules } from "../edits";

const reviewed = () => reviewPlan(edited(), { name: "plan" });
/** No rule lets shop and stock reach each other's epmd. */
const apart = withoutRules("stock_from_shop_epmd", "shop_from_stock_epmd");

describe("describeComparison", () => {
  it("is one sentence for a service that loses many", () => {
    // GIVEN a service that loses thirteen others, two of which lose each other
    const [center, ...others] = reviewPlan(planOfServices(14, "cluster"), { name: "plan" }).services;
    const lost = (one: Service, other: Service): LinkChange => ({
      services: [one, other],
      change: "lost",
      reasons: [{ step: "ingress", certainty: "no", text: `${one.name} to ${other.name}` }],
    });
    const links = [lost(others[0]!, others[1]!), ...others.map((other) => lost(other, center!))];

    // WHEN
    const [first, second, ...rest] = describeComparison({ ...compare(reviewed(), reviewed()), links });

    // THEN
    expect(first!.text).toMatch(new RegExp(`^${center!.name} no longer connects with (\\S+, ){11}\\S+ and 1 more$`));
    expect(first!.reasons).toHaveLength(4);
    expect(first!.reasons[3]).toBe("and 10 more; --json has all reasons");
    expect(second!.text).toBe(`${others[0]!.name} no longer connects with ${others[1]!.name}`);
    expect(rest).toEqual([]);
  });
});

describe("a cluster of 40 that loses a rule", () => {
  const rules = (plan: object, lost: RegExp) => {
    const { resource_changes: all, ...rest } = plan as { resource_changes: { name: string }[] };
    return reviewPlan({ ...rest, resource_changes: all.filter(({ name }) => !lost.test(name)) }, { name: "plan" });
  };
  const texts = (lost: RegExp) =>
    describeComparison(compare(rules(planOfServices(40, "cluster"), /^$/), rules(planOfServices(40, "cluster"), lost)));
  const twelve = Array.from({ length: 12 }, (_, at) => `service${at}`).join(", ");

  it("is two sentences: own tasks, and each with each", () => {
    const found = texts(/^shared_from_shared_9000$/).filter(({ text }) => !text.includes("new error"));
    expect(found.map(({ kind, text }) => [kind, text])).toEqual([
      ["worse", `own tasks of ${twelve} and 28 more no longer connect`],
      ["worse", `${twelve} and 28 more no longer connect with each other`],
    ]);
    expect(found[1]!.reasons[0]).toBe(
      "no rule for 9000–9010 from aws_security_group.shared to aws_security_group.shared",
    );
  });

  it("is one sentence for all whose numbers changed alike", () => {
    const [before, after] = [2, 5].map((tasks) => {
      const text = JSON.stringify(planOfServices(40, "cluster")).replaceAll(
        '"desired_count":2',
        `"desired_count":${tasks}`,
      );
      return reviewPlan(JSON.parse(text), { name: "plan", assumptions: { discovery: "dnspoll" } });
    });
    const found = describeComparison(compare(before!, after!)).filter(({ reasons }) => reasons.length > 0);
    expect(found).toEqual([
      {
        kind: "worse",
        text: expect.stringMatching(`^${twelve} and 28 more: 5 tasks × 200 % .* FLAPS while it deploys`) as string,
        reasons: [expect.stringMatching(/^before: 2 tasks × 200 % .* stays together/)],
      },
    ]);
  });
});

describe("services that are new or gone", () => {
  const services = (count: number, topology: Topology) => reviewPlan(planOfServices(count, topology), { name: "plan" });
  const nothing = reviewPlan({ format_version: "1.2", configuration: {}, resource_changes: [] }, { name: "plan" });
  const texts = (...[before, after]: Parameters<typeof compare>) =>
    describeComparison({ ...compare(before, after), newFindings: [], fixedFindings: [] }).map(({ text }) => text);

  it("are one sentence for all that connect with each other", () => {
    const twelve = Array.from({ length: 12 }, (_, at) => `service${at}`).join(", ");
    const all = services(40, "cluster");
    expect(texts(nothing, all)).toEqual([`${twelve} and 28 more are new; they connect with each other`]);
    expect(texts(all, nothing)).toEqual([`${twelve} and 28 more are gone; they connected with each other`]);
    expect(texts(services(3, "cluster"), services(5, "cluster"))).toEqual([
      "service3, service4 are new; they connect with each other and with service0, service1, service2",
    ]);
  });

  it("are one sentence each where they connect with different ones", () => {
    expect(texts(nothing, services(6, "peers"))[0]).toBe(
      "service0 is new; it connects with service1, service2, service4, service5",
    );
    expect(texts(nothing, services(6, "peers"))).toHaveLength(6);
  });

  it("are one sentence for all that connect with none", () => {
    const alone = Object.fromEntries(["mail", "search"].map((name) => [name, service()]));
    const review = reviewPlan(stackJson({ services: alone }), { name: "plan" });
    expect(texts(nothing, review)).toEqual(["mail, search are new; they connect with no other service"]);
    expect(texts(review, nothing)).toEqual(["mail, search are gone"]);
  });
});

describe("--against", () => {
  const folder = scratchFolder("against");
  const file = (name: string, ...edits: Edit[]) => {
    writeFileSync(path.join(folder, name), JSON.stringify(edited(...edits)));
    return path.join(folder, name);
  };
  const [main, broken] = [file("main.json"), file("broken.json", apart)];
  const run = async (from: string, options: RunOptions) => {
    const [out, err]: [string[], string[]] = [[], []];
    const code = await runReview(
      from,
      options,
      { write: (text) => out.push(text) },
      { write: (text) => err.push(text) },
    );
    return { code, out: out.join(""), err: err.join("") };
  };

  it("fails for new findings only", async () => {
    expect((await run(broken, { against: main })).code).toBe(1);
    expect((await run(broken, { against: broken })).code).toBe(0);
    expect((await run(main, { against: broken })).code).toBe(0);
  });

  it("begins with the difference, in the terminal and in a comment", async () => {
    const { out } = await run(broken, { against: main });
    expect(out).toContain(
      `Compared with ${main}\n  worse  shop no longer connects with stock\n         epmd 4369 closed: no rule`,
    );
    expect((await run(main, { against: main })).out).toContain("same connections, same findings");
    const comment = (await run(broken, { against: main, markdown: true })).out;
    expect(comment).toMatch(/^## .*\n\n.*\n\n### Compared with .*\n\n- 🔴 \*\*shop no longer connects with stock\*\*/);
  });

  it("is in the page and in JSON as its schema says", async () => {
    const page = path.join(folder, "review.html");
    const { out } = await run(broken, { against: main, json: true, html: page });
    const validate = new Ajv({ allErrors: true }).compile(schema);
    validate(JSON.parse(out));
    expect(validate.errors).toBeNull();
    expect(JSON.parse(out)).toMatchObject({
      reviews: [{ comparison: { links: [{ services: ["shop", "stock"], change: "lost" }], newFindings: [{}, {}] } }],
    });
    expect(readFileSync(page, "utf8")).toMatch(/<li class="bad">\s*<b>shop no longer connects with stock<\/b>/);
    expect(String(await renderHtml([reviewed()]))).not.toContain("Compared with");
  });

  it("is each result's baselineState in SARIF", async () => {
    const { out } = await run(broken, {
      against: file("half.json", withoutRules("stock_from_shop_epmd")),
      sarif: true,
    });
    const { runs } = JSON.parse(out) as { runs: { results: { baselineState: string }[] }[] };
    expect(runs[0]!.results.map(({ baselineState }) => baselineState).sort()).toEqual(["new", "unchanged"]);
  });

  describe("folders of several stacks", () => {
    const folderOf = (name: string, ...stacks: string[]) => {
      for (const stack of stacks) {
        mkdirSync(path.join(folder, name, "stacks", stack), { recursive: true });
        writeFileSync(path.join(folder, name, "stacks", stack, "cdk.tf.json"), JSON.stringify(goodLayout()));
      }
      return path.join(folder, name);
    };
    const base = folderOf("base", "prod", "dev");

    it("compare a stack that is new, or gone, with nothing", async () => {
      const { out } = await run(folderOf("changed", "prod", "staging"), { against: base });
      expect(out.match(/Compared with .*\n.*/g)).toEqual([
        "Compared with prod\n  same connections, same findings",
        `Compared with ${base}, which has no staging\n         mail is new; it connects with no other service`,
        "Compared with dev\n         mail is gone",
      ]);
      expect(out).toMatch(/shop, stock are gone; they connected with each other/);
    });

    it("have a name in common", async () => {
      const { code, err } = await run(main, { against: base });
      expect(code).toBe(2);
      expect(err).toBe(
        `--against ${base}: none of its stacks (dev, prod) has the name of one in ${main} (${main}). Give two folders such as cdktf.out, or two plans.\n`,
      );
    });
  });

  it("reports another plan that can't be read", async () => {
    const { code, err } = await run(main, { against: path.join(folder, "none.json") });
    expect(code).toBe(2);
    expect(err).toMatch(/none\.json isn't there\. Give a plan's JSON/);
  });
});
