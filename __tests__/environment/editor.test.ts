import { readFileSync } from "node:fs";
import { type CompletionItem, getLanguageService, type JSONSchema, TextDocument } from "vscode-json-languageservice";
import { environmentsJsonSchema } from "../../src/environment";
import { exampleFile, exampleNames } from "../examples";
import { notEmpty } from "../not-empty";
import { changed } from "./example";

/** What VS Code, Neovim, Helix and Zed show of environments.json: they run this service. */
const service = getLanguageService({});
service.configure({
  validate: true,
  schemas: [
    { uri: "test://environments.schema.json", fileMatch: ["*.json"], schema: environmentsJsonSchema() as JSONSchema },
  ],
});

const documentOf = (text: string) => TextDocument.create("file:///environments.json", "json", 1, text);

async function messages(file: object): Promise<readonly string[]> {
  const { $schema: _, ...environments } = file as { $schema?: string };
  const document = documentOf(JSON.stringify(environments));
  const found = await service.doValidation(document, service.parseJSONDocument(document));
  return found.map(({ message }) => String(message));
}

/** What is proposed at the bar in the text. */
async function proposals(text: string): Promise<readonly CompletionItem[]> {
  const document = documentOf(text.replace("|", ""));
  const found = await service.doComplete(
    document,
    document.positionAt(text.indexOf("|")),
    service.parseJSONDocument(document),
  );
  return found!.items;
}

const labels = async (text: string) => (await proposals(text)).map(({ label }) => label);

/** What an editor inserts, with the texts that it has for its blanks. */
const inserted = ({ insertText }: CompletionItem) =>
  JSON.parse(insertText!.replace(/\$\{\d+:([^}]*)\}/g, "$1").replace(/\$\d+/g, "")) as object;

it.each(exampleNames)("shows no problem in examples/%s", async (name) => {
  const found = await messages(JSON.parse(readFileSync(exampleFile(name), "utf8")) as object);
  // every-option has dynamodbTable, which Terraform deprecates.
  expect(found.filter((message) => message !== "Value is deprecated")).toEqual([]);
});

it.each([
  ["an environment's name", { Prod: {} }, /^Allowed: a name: 1 to 32 lower-case letters/],
  ["two of a choice", { "prod/vpc": { id: "vpc-0abc1234", tags: { a: "b" } } }, /exactly one of the keys id, tags/],
  ["none of a choice", { "prod/vpc": {} }, /exactly one of the keys id, tags/],
  ["another type than a choice", { "prod/vpc": "vpc-0abc1234" }, /exactly one of the keys id, tags/],
  ["a secret in no place", { "prod/services/myapp/secrets": { KEY: {} } }, /exactly one of the keys ssmParameter, s/],
  [
    "a secret in two places",
    { "prod/services/myapp/secrets": { KEY: { ssmParameter: "/a", secretsManager: "b" } } },
    /exactly one of the keys ssmParameter, s/,
  ],
  ["a secret's value", { "prod/services/myapp/secrets": { KEY: "x" } }, /^Allowed: an object with the keys ssmParam/],
  ["an id's form", { "prod/vpc": { id: "vpc-1" } }, /^Allowed: "vpc-" and 8 or 17 hexadecimal digits/],
  ["an unknown key", { "prod/regoin": "x" }, /^Allowed: an object with the keys account, region, state/],
  ["a memory that the cpu hasn't", { "prod/services/myapp/memory": 512 }, /^Allowed: 1024, 2048.* with cpu 512\.$/],
])("says what is allowed, once: %s", async (_, edits, message) => {
  const { Prod: name, ...paths } = edits as Record<string, unknown>;
  const file = changed(paths) as object;
  const [found, ...others] = await messages(name ? { Prod: Object.values(file)[0] } : file);
  expect(found).toMatch(message);
  expect(others).toEqual([]);
});

it("proposes regions, and the memory that the cpu may have", async () => {
  expect(await labels(`{ "prod": { "region": | } }`)).toContain('"eu-central-1"');
  const memory = (options: string) => labels(`{ "prod": { "services": { "shop": { ${options} "memory": | } } } }`);
  expect(await memory("")).toEqual(["1024", "2048", "3072", "4096"]);
  expect((await memory('"cpu": 256,')).sort()).toEqual(["1024", "2048", "512"]);
});

it("inserts an environment and services that are right as they are", async () => {
  const [environment] = await proposals(`{ "prod": | }`);
  expect(environment!.label).toBe("New environment");
  const prod = inserted(environment!);
  expect(await messages({ prod })).toEqual([]);

  const services = await proposals(`{ "prod": { "services": { "shop": | } } }`);
  expect(services.map(({ label }) => label)).toEqual(["New service", "New Phoenix service on the web"]);
  for (const each of notEmpty(services))
    expect(await messages({ prod: { ...prod, services: { shop: inserted(each) } } })).toEqual([]);
});
