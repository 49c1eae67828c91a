/** What to look for in what was captured. */
export interface Sought {
  readonly texts: readonly string[];
  /** The cookie, with which the answers to challenges are checked. */
  readonly cookie: string;
}

/** What somebody who reads all packets between tasks has found. */
export interface Captured {
  /** TCP segments with a payload, and the bytes of all payloads. */
  readonly segments: number;
  readonly bytes: number;
  /** How often each text occurs. */
  readonly texts: Readonly<Record<string, number>>;
  /** Handshakes between nodes whose answer to the challenge can be checked against the cookie. */
  readonly challenges: number;
}
