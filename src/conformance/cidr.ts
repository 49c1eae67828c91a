/** Whether a block holds an address; a block of the other IP version never does. */
export function contains(cidr: string, address: string): boolean {
  const [network = "", length = ""] = cidr.split("/");
  const [one, other] = [bits(network), bits(address)];
  return one.length === other.length && one.slice(0, Number(length)) === other.slice(0, Number(length));
}

/** How many leading bits a block fixes. */
export function prefixLength(cidr: string): number {
  return Number(cidr.split("/")[1]);
}

const known = new Map<string, string>();

function bits(address: string): string {
  const written = known.get(address) ?? bitByBit(address);
  known.set(address, written);
  return written;
}

/** Slow, and nothing clever can be wrong with it. */
function bitByBit(address: string): string {
  if (!address.includes(":"))
    return address
      .split(".")
      .map((part) => Number(part).toString(2).padStart(8, "0"))
      .join("");
  const [before = "", after] = address.split("::");
  const parts = (text: string) => (text === "" ? [] : text.split(":"));
  const missing = after === undefined ? 0 : 8 - parts(before).length - parts(after).length;
  return [...parts(before), ...Array<string>(missing).fill("0"), ...parts(after ?? "")]
    .map((part) => parseInt(part, 16).toString(2).padStart(16, "0"))
    .join("");
}
