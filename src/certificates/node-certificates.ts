import { randomBytes, X509Certificate } from "node:crypto";
import { UserError } from "../user-error";
import { issueAuthority, issueNode, type KeyPair } from "./issue";
import { pemBlocks, pemText } from "./pem";

/** Days that new certificates are valid, and days before the end from which doctor reports it, as a note and as an error. */
export const certificateDays = { authority: 3650, node: 397, warning: 60, urgent: 14 } as const;

/** What a cluster's nodes get: all of them the same. */
export interface NodeCertificates {
  /** The nodes' private key and certificate. */
  readonly node: KeyPair;
  /** Certificates of the authorities that nodes trust: two during a rotation, the newer one last. */
  readonly trusted: readonly string[];
  /** Authorities whose keys are known, and which can issue a new certificate. */
  readonly authorities: readonly KeyPair[];
}

/** The names of the parameters that keep them. */
export interface CertificateParameters {
  /** SecureString: what a task gets. */
  readonly nodes: string;
  /** String: the certificates alone, without a key. */
  readonly public: string;
  /** SecureString: the authority's key. No task may read it. */
  readonly authority: string;
}

/** The parameters of a cluster's certificates. @param nodes the one that the environment names */
export const certificateParameters = (nodes: string): CertificateParameters => ({
  nodes,
  public: `${nodes}-public`,
  authority: `${nodes}-authority`,
});

/** The texts of the three parameters. */
export type CertificateTexts = Readonly<Record<keyof CertificateParameters, string>>;

/** Certificates as texts; env.sh reads the first one. */
export function textsOf({ node, trusted, authorities }: NodeCertificates): CertificateTexts {
  return {
    nodes: pemText([node.key, node.certificate, ...trusted]),
    public: pemText([node.certificate, ...trusted]),
    authority: pemText(authorities.flatMap(({ key, certificate }) => [key, certificate])),
  };
}

/**
 * Certificates from their texts.
 *
 * @param authority the text with the authority's keys; without it no certificate can be issued
 * @throws UserError when a text isn't what {@link textsOf} writes; the message doesn't contain it.
 */
export function certificatesFrom(nodes: string, authority = ""): NodeCertificates {
  const [key] = pemBlocks(nodes, "PRIVATE KEY");
  const [certificate, ...trusted] = pemBlocks(nodes, "CERTIFICATE");
  if (key === undefined || certificate === undefined || trusted.length === 0)
    throw new UserError(
      "It isn't a private key, the nodes' certificate and the authorities' certificates, as PEM and in this order.",
    );
  // Others were never deployed: the write of their nodes' text failed.
  const authorities = authoritiesIn(authority).filter((one) => trusted.includes(one.certificate));
  return { node: { key, certificate }, trusted, authorities };
}

function authoritiesIn(text: string): KeyPair[] {
  const certificates = pemBlocks(text, "CERTIFICATE");
  return pemBlocks(text, "PRIVATE KEY").flatMap((key, at) => {
    const certificate = certificates[at];
    return certificate === undefined ? [] : [{ key, certificate }];
  });
}

/**
 * Makes an authority, and a certificate for nodes.
 *
 * @param name the environment's, for the certificates' subjects
 * @param known the text of an authority that already exists: running nodes may trust it
 */
export async function createCertificates(name: string, now: Date, known = ""): Promise<NodeCertificates> {
  const existing = authoritiesIn(known);
  const authorities = existing.length > 0 ? existing : [await newAuthority(name, now)];
  return {
    node: await newNode(name, authorities.at(-1)!, now),
    trusted: authorities.map(({ certificate }) => certificate),
    authorities,
  };
}

/**
 * A new key and certificate for nodes, of the same authority: old and new nodes accept each other.
 *
 * @throws UserError when the authority's key isn't known.
 */
export async function reissue(name: string, current: NodeCertificates, now: Date): Promise<NodeCertificates> {
  const issuer = issuerOf(current.node.certificate, current.trusted);
  const authority = current.authorities.find(({ certificate }) => certificate === issuer);
  if (!authority) throw new UserError("The authority's key is missing, so it can't issue a certificate. Rotate it.");
  return { ...current, node: await newNode(name, authority, now) };
}

/** The steps of a rotation of the authority, each of which is deployed to all tasks before the next one. */
export const rotationSteps = [
  "trust the new authority",
  "use the new authority",
  "trust only the new authority",
] as const;
export type RotationStep = (typeof rotationSteps)[number];

/**
 * The step that comes next: while nodes trust one authority, a new one is added; then nodes get a certificate of the new one;
 * then they no longer trust the old one. In every step, nodes with the texts before it and after it accept each other.
 */
export function nextRotationStep({ node, trusted }: Pick<NodeCertificates, "node" | "trusted">): RotationStep {
  if (trusted.length === 1) return "trust the new authority";
  return issuerOf(node.certificate, trusted) === trusted.at(-1)
    ? "trust only the new authority"
    : "use the new authority";
}

/** Takes the next step of a rotation. @throws UserError when the new authority's key is missing. */
export async function rotateAuthority(name: string, current: NodeCertificates, now: Date): Promise<NodeCertificates> {
  const { trusted, authorities } = current;
  const newest = trusted.at(-1)!;
  switch (nextRotationStep(current)) {
    case "trust the new authority": {
      const next = await newAuthority(name, now);
      return { ...current, trusted: [...trusted, next.certificate], authorities: [...authorities, next] };
    }
    case "use the new authority": {
      const next = authorities.find(({ certificate }) => certificate === newest);
      if (!next) throw new UserError("The new authority's key is missing, so it can't issue a certificate.");
      return { ...current, node: await newNode(name, next, now) };
    }
    case "trust only the new authority":
      return { ...current, trusted: [newest], authorities: authorities.filter((one) => one.certificate === newest) };
  }
}

/** When a certificate ends. */
export const endOf = (certificate: string): Date => new Date(new X509Certificate(certificate).validTo);

/** The one of these authorities that signed a certificate; `undefined` for none of them. */
export function issuerOf(certificate: string, authorities: readonly string[]): string | undefined {
  const one = new X509Certificate(certificate);
  return authorities.find((each) => one.verify(new X509Certificate(each).publicKey));
}

const newAuthority = (name: string, now: Date) =>
  // Two authorities need two names: a node looks up the issuer of its peer's certificate by name.
  issueAuthority(`${name} authority ${randomBytes(4).toString("hex")}`, validity(now, certificateDays.authority));

function newNode(name: string, authority: KeyPair, now: Date): Promise<KeyPair> {
  const { notBefore, notAfter } = validity(now, certificateDays.node);
  const end = endOf(authority.certificate);
  return issueNode(`${name} nodes`, authority, { notBefore, notAfter: notAfter < end ? notAfter : end });
}

/** From an hour ago: clocks differ. */
function validity(now: Date, days: number) {
  const start = now.getTime();
  return { notBefore: new Date(start - 3_600_000), notAfter: new Date(start + days * 86_400_000) };
}
