/** What is broken at the moment. Addresses are tasks'; one that no task has is ignored. */
export interface Faults {
  /** Tasks whose packets vanish, in and out, DNS and metadata included. */
  readonly cutTasks?: readonly string[];
  /** Pairs of tasks between which packets vanish, both ways. */
  readonly cutLinks?: readonly (readonly [string, string])[];
  /** Tasks whose processes stand still (SIGSTOP). */
  readonly frozenTasks?: readonly string[];
  /** The resolver reads questions and says nothing. */
  readonly dnsSilent?: boolean;
  /**
   * What the resolver answers about names of private zones: nothing (`empty`), what was registered when the fault began
   * (`stale`), or these addresses, as many as they are. Nobody caches a lie.
   */
  readonly dnsLie?: "empty" | "stale" | { readonly addresses: readonly string[] };
  /** Slow or lossy interfaces, by address. Several of one add up. */
  readonly shaping?: Readonly<Record<string, readonly Shaping[]>>;
}

/** Applied to what a task receives and to what it sends, each way by itself. */
export interface Shaping {
  /** What of a task it applies to: what it receives (`in`) or what it sends (`out`). @default both */
  readonly direction?: "in" | "out";
  /** Milliseconds each way. Refused where {@link TaskRuntime.abilities} has no `delay`. @default 0 */
  readonly delayMs?: number;
  /** Milliseconds that a delay may be longer or shorter, at random. @default 0 */
  readonly jitterMs?: number;
  /** 0 to 100. @default 0 */
  readonly lossPercent?: number;
}

/** What happens in the network. */
export type NetworkEvent =
  | { readonly kind: "faults"; readonly faults: Faults }
  /** The resolver answers a question of a task about a private zone; not reported when the task had the same answer last time. */
  | { readonly kind: "answer"; readonly to: string; readonly name: string; readonly addresses: readonly string[] };

/** What is broken while one set of faults replaces another: both. */
export function bothOf(one: Faults, other: Faults): Faults {
  const dnsLie = other.dnsLie ?? one.dnsLie;
  return {
    cutTasks: [...(one.cutTasks ?? []), ...(other.cutTasks ?? [])],
    cutLinks: [...(one.cutLinks ?? []), ...(other.cutLinks ?? [])],
    frozenTasks: [...(one.frozenTasks ?? []), ...(other.frozenTasks ?? [])],
    dnsSilent: (one.dnsSilent ?? false) || (other.dnsSilent ?? false),
    ...(dnsLie === undefined ? {} : { dnsLie }),
    shaping: together(one.shaping, other.shaping),
  };
}

function together(one: Faults["shaping"] = {}, other: Faults["shaping"] = {}): NonNullable<Faults["shaping"]> {
  const addresses = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(addresses.map((each) => [each, [...(one[each] ?? []), ...(other[each] ?? [])]]));
}

/** Each fault in words, such as `10.0.1.11 cut off`. */
export function faultsInWords({
  cutTasks = [],
  cutLinks = [],
  frozenTasks = [],
  dnsSilent,
  dnsLie,
  shaping = {},
}: Faults): string[] {
  return [
    ...new Set([
      ...cutTasks.map((address) => `${address} cut off`),
      ...cutLinks.map((link) => `${link.join(" and ")} cut apart`),
      ...frozenTasks.map((address) => `${address} frozen`),
      ...(dnsSilent ? ["DNS silent"] : []),
      ...(dnsLie === undefined ? [] : [lieInWords(dnsLie)]),
      ...Object.entries(shaping).flatMap(([address, shapes]) =>
        shapes.map((shape) => `${address} ${shapingInWords(shape)}`),
      ),
    ]),
  ];
}

const lieInWords = (lie: NonNullable<Faults["dnsLie"]>): string =>
  `DNS answers ${typeof lie === "string" ? lie : `with ${lie.addresses.length} other addresses`}`;

function shapingInWords({ direction, lossPercent = 0, delayMs = 0, jitterMs = 0 }: Shaping): string {
  const what = [
    ...(lossPercent > 0 ? [`loses ${lossPercent} %`] : []),
    ...(delayMs > 0 ? [`has a delay of ${delayMs}${jitterMs > 0 ? ` ± ${jitterMs}` : ""} ms`] : []),
  ].join(" and ");
  return direction === undefined ? what : `${what}, ${direction === "in" ? "inwards" : "outwards"}`;
}
