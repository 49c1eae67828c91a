import { readFileSync } from "node:fs";
import path from "node:path";
import { ConfigurationError, environmentsJsonSchema, parseEnvironments } from "../../src/environment";
import { filledPage } from "../../src/environment/reference/page";

const page = readFileSync(path.join(__dirname, "..", "..", "docs", "configuration.md"), "utf8");
const example = () => JSON.parse(/```json\n(\{[^]*?)```/.exec(page)![1]!);

describe("docs/configuration.md", () => {
  it("has the options as the schema describes them: `npm run docs:configuration` writes them", () => {
    expect(page).toBe(filledPage(page, environmentsJsonSchema().$defs));
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
    expect(page).toContain(`\`\`\`text\n${message}\n\`\`\``);
  });
});
