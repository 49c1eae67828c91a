/** Terraform's JSON by kind of block. */
export type Blocks = Record<string, Record<string, Record<string, Record<string, unknown>>>>;

/**
 * Takes away what the docker provider makes: it comes from the registry alone, and these tests must run offline. What it
 * gives the rest, a digest, is put in as a text; its own blocks are asserted in container-image.test.ts.
 *
 * @param text a synthesized configuration.
 */
export function withoutDocker(text: string): Blocks {
  const digest = /\$\{docker_registry_image\.[\w-]+\.sha256_digest\}/g;
  const json = JSON.parse(text.replace(digest, `sha256:${"0".repeat(64)}`)) as Blocks;
  delete json.provider!.docker;
  delete json.resource!.docker_image;
  delete json.resource!.docker_registry_image;
  delete json.terraform!.required_providers!.docker;
  return json;
}
