import { writeFileSync } from "node:fs";
import { command } from "../command";

/**
 * Makes a certificate for names, with its key in the same file: for this run only, signed by nobody that a browser knows.
 * @throws Error when this machine has no openssl.
 */
export async function makeCertificate(file: string, names: readonly string[]): Promise<void> {
  const all = [...new Set([...names.flatMap((name) => [name, `${name}.localhost`]), "localhost"])];
  const alternatives = all.map((name) => `DNS:${name}`).join(",");
  const pem = await command("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"],
    ...["-subj", "/O=Lab of this machine", "-addext", `subjectAltName=${alternatives}`, "-keyout", "-", "-out", "-"],
  ]);
  writeFileSync(file, pem, { mode: 0o600 });
}
