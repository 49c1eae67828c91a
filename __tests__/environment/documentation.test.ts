import { readFileSync } from "node:fs";
import path from "node:path";
import { ConfigurationError, environmentsJsonSchema, parseEnvironments } from "../../src/environment";
import { fargateCpus, fargateMemory } from "../../src/aws/fargate-sizes";
import { fieldsOf, type JsonSchema } from "./schema-walk";

const page = readFileSync(path.join(__dirname, "..", "..", "docs", "configuration.md"), "utf8");
const example = () => JSON.parse(/```json\n(\{[^]*?)```/.exec(page)![1]!);

describe("docs/configuration.md", () => {
  it("names every option", () => {
    const keys = fieldsOf(environmentsJsonSchema() as JsonSchema).map(({ key }) => key);
    expect([...new Set(keys)].filter((key) => !new RegExp(`[\`"]${key.replace("$", "\\$")}[\`"]`).test(page))).toEqual(
      [],
    );
  });

  it.each(["environment", "service", "secret"])("has the defaults of the %s's options", (part) => {
    // GIVEN the options whose default is one value
    const options = Object.entries((environmentsJsonSchema() as JsonSchema).$defs![part]!.properties!);
    const defaults = options.filter(([, { default: value }]) => value !== undefined && typeof value !== "object");
    expect(defaults.length).toBeGreaterThan(0);

    // THEN the table has it in the option's row
    const rows = defaults.map(([key, { default: value }]) => `| \`${key}\` | \`${JSON.stringify(value)}\` |`);
    const tables = page.replace(/ +\|/g, " |");
    expect(rows.filter((row) => !tables.includes(row))).toEqual([]);
  });

  it("begins with an example that is right", () => {
    expect(() => parseEnvironments(JSON.stringify(example()), "environments.json")).not.toThrow();
  });

  it("shows messages as they are", () => {
    // GIVEN the example with the four mistakes that the page tells of
    const file = example();
    const peer = { node: "billing@billing.payments.local", securityGroup: { name: "billing-service" } };
    file.prod.regoin = "eu-west-1";
    file.prod.services.myapp.memory = 8192;
    file.prod.services.myapp.healthCheck = { retires: 3 };
    file.prod.peers = { billing: { ...peer, cluster: "myap" } };

    // WHEN it is read THEN the page has the message
    let message = "";
    try {
      parseEnvironments(JSON.stringify(file), "environments.json");
    } catch (error) {
      message = (error as ConfigurationError).message;
    }
    expect(page).toContain(`\`\`\`\n${message}\n\`\`\``);
  });

  it.each(fargateCpus.map((cpu) => [cpu]))("has the sizes for %i CPU units", (cpu) => {
    const sizes = fargateMemory(cpu);
    const row = new RegExp(`\\| ${cpu} +\\| (.*?) +\\|`).exec(page)![1];
    const inSteps = `${sizes[0]} to ${sizes.at(-1)} in steps of ${sizes[1]! - sizes[0]!}`;
    expect(row).toBe(sizes.length > 4 ? inSteps : sizes.join(", "));
  });
});
