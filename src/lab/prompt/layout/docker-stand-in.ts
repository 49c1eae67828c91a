import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

type Blocks = Record<string, Record<string, unknown> | undefined>;

/** Part of a `.tf.json` file. */
interface TerraformJson {
  terraform?: { required_providers?: Record<string, unknown> };
  provider?: Record<string, unknown>;
  resource?: Blocks;
  data?: Blocks;
}

/** In place of what a build would give. */
const digest = `sha256:${"0".repeat(64)}`;
const ofDocker = /^docker_/;
const reference = /\$\{(?:data\.)?docker_\w+\.[\w-]+\.(\w+)\}/g;

/**
 * Takes the docker provider out of a folder of Terraform: the lab maps images to releases and builds none, so it needs
 * neither a Docker engine nor a registry to push to.
 *
 * @param copy the folder; its JSON files are changed. @returns addresses of what was taken out
 * @throws Error when the folder needs that provider in a way that can't be taken out: in HCL, or within an expression.
 */
export function withoutDocker(copy: string): string[] {
  const files = readdirSync(copy).filter((file) => /\.tf(\.json)?$/.test(file));
  return files.flatMap((file) => {
    const text = readFileSync(path.join(copy, file), "utf8");
    if (!file.endsWith(".json")) {
      if (!/^\s*(resource|data)\s+"docker_/m.test(text)) return [];
      throw new Error(`${file} builds images with the docker provider. ${whatToDo}`);
    }
    const { json, taken } = takeOut(JSON.parse(text) as TerraformJson);
    if (taken.length === 0) return [];
    const left = /\$\{[^}]*\bdocker_\w+/.exec(json);
    if (left)
      throw new Error(`${file} uses a resource of the docker provider in an expression: ${left[0]}…. ${whatToDo}`);
    writeFileSync(path.join(copy, file), json);
    return taken;
  });
}

const whatToDo =
  "The lab builds no images: take the image from a variable or a URI, and map it to a release with --image NAME=FOLDER.";

function takeOut(document: TerraformJson): { readonly json: string; readonly taken: string[] } {
  delete document.terraform?.required_providers?.["docker"];
  delete document.provider?.["docker"];
  const taken: string[] = [];
  for (const [blocks, prefix] of [
    [document.resource, ""],
    [document.data, "data."],
  ] as const) {
    for (const type of Object.keys(blocks ?? {}).filter((name) => ofDocker.test(name))) {
      taken.push(...Object.keys(blocks![type]!).map((name) => `${prefix}${type}.${name}`));
      delete blocks![type];
    }
  }
  const json = JSON.stringify(document, (key, value: unknown) =>
    key === "depends_on" && Array.isArray(value) ? value.filter((on) => !taken.includes(String(on))) : value,
  );
  return {
    json: json.replaceAll(reference, (_, attribute) => (attribute === "sha256_digest" ? digest : "lab")),
    taken,
  };
}
