import { randomBytes, webcrypto } from "node:crypto";

/** A private key and its certificate, both as PEM. */
export interface KeyPair {
  readonly key: string;
  readonly certificate: string;
}

/** From when to when a certificate is valid. */
interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** Purposes of a certificate: a node connects and is connected to. Source: RFC 5280, 4.2.1.12 */
const serverAndClient = ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"];

/** The library takes a moment to load, and only a command that writes certificates needs it. */
async function library() {
  await import("reflect-metadata");
  const x509 = await import("@peculiar/x509");
  x509.cryptoProvider.set(webcrypto as never);
  return x509;
}

/** Makes a self-signed certificate authority, which may sign certificates of nodes and no further authority. */
export async function issueAuthority(name: string, validity: Validity): Promise<KeyPair> {
  const x509 = await library();
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...{ ...validity, keys, serialNumber: serialNumber(), signingAlgorithm: algorithm },
    name: [{ CN: [name] }],
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { key: await keyText(keys.privateKey), certificate: certificate.toString("pem") };
}

/** Makes a key and a certificate that an authority signs. It names no address: all nodes of a cluster share it. */
export async function issueNode(name: string, authority: KeyPair, validity: Validity): Promise<KeyPair> {
  const x509 = await library();
  const keys = await newKeys();
  const issuer = new x509.X509Certificate(authority.certificate);
  const certificate = await x509.X509CertificateGenerator.create({
    ...{ ...validity, serialNumber: serialNumber(), signingAlgorithm: algorithm },
    subject: [{ CN: [name] }],
    issuer: issuer.subjectName,
    publicKey: keys.publicKey,
    signingKey: await signingKey(authority.key),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension(serverAndClient),
      new x509.SubjectAlternativeNameExtension([{ type: "dns", value: "node.invalid" }]),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
    ],
  });
  return { key: await keyText(keys.privateKey), certificate: certificate.toString("pem") };
}

/** 127 bits: a serial number must be positive. Source: RFC 5280, 4.1.2.2 */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0]! &= 0x7f;
  return bytes.toString("hex");
}

const newKeys = () =>
  webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]) as Promise<webcrypto.CryptoKeyPair>;

async function keyText(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", key)).toString("base64");
  return ["-----BEGIN PRIVATE KEY-----", ...der.match(/.{1,64}/g)!, "-----END PRIVATE KEY-----"].join("\n");
}

function signingKey(pem: string): Promise<webcrypto.CryptoKey> {
  const der = Buffer.from(pem.replace(/-----[^-]+-----/g, ""), "base64");
  return webcrypto.subtle.importKey("pkcs8", der, algorithm, false, ["sign"]);
}
