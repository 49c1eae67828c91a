/** What an address is taken from: a subnet as EC2 describes it. */
export interface SubnetRange {
  /** Such as `subnet-0123…`. */
  readonly id: string;
  /** IPv4 CIDR block. */
  readonly cidr: string;
}

/** AWS keeps the first four addresses of a subnet and the last one. Source: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html */
const reservedAtStart = 4;

/**
 * Private IPv4 addresses for network interfaces. Every subnet is walked through upwards and an address is used again only
 * after all others were: EC2 promises no order, and a node that comes back under a dead one's name is a case to provoke, not
 * to meet by accident.
 */
export class AddressPool {
  readonly #taken = new Set<string>();
  readonly #next = new Map<string, number>();

  /** @param taken addresses that somebody else has already */
  constructor(taken: Iterable<string> = []) {
    for (const address of taken) this.#taken.add(address);
  }

  /** @throws Error when the subnet has no free address left. */
  allocate(subnet: SubnetRange): string {
    const [base = "", length = "32"] = subnet.cidr.split("/");
    const size = 2 ** (32 - Number(length));
    const usable = size - reservedAtStart - 1;
    const first = this.#next.get(subnet.id) ?? 0;
    for (let step = 0; step < usable; step++) {
      const offset = (first + step) % usable;
      const address = fromNumber(toNumber(base) + reservedAtStart + offset);
      if (this.#taken.has(address)) continue;
      this.#taken.add(address);
      this.#next.set(subnet.id, offset + 1);
      return address;
    }
    throw new Error(
      `Subnet ${subnet.id} (${subnet.cidr}) has no free address left: all ${Math.max(0, usable)} are in use. ` +
        `A larger subnet, or fewer tasks, is needed.`,
    );
  }

  release(address: string): void {
    this.#taken.delete(address);
  }
}

const toNumber = (address: string): number => address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);

const fromNumber = (value: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
