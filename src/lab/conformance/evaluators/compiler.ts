import { subnetChains } from "../../data-plane/vpc/network/subnet-table";
import { compileRuleset } from "../../data-plane/vpc/network/ruleset";
import type { Layout } from "../../../conformance/layout";
import { asApplied } from "../ec2-answers";
import type { Evaluator } from "./evaluator";
import { type Packet, run, type Tables } from "./nftables";

/** What the lab compiles of EC2's answers about the layout, read as text: the kernel has no part in it. */
export const compiler: Evaluator = {
  name: "compiler",
  verdicts: async (layout, attempts) => {
    const { groups, subnets } = compiled(layout);
    return attempts.map(({ from, to, port, sourcePort }) => {
      const there: Packet = { source: from.address, destination: to.address, port, in: from.id, out: to.id };
      const back: Packet = { source: to.address, destination: from.address, port: sourcePort, in: to.id, out: from.id };
      // Of a connection that was let through, the groups let replies through.
      const open = run(groups, "sender", there) === "accept";
      return open && [there, back].every((packet) => run(subnets, "forward", packet) !== "drop");
    });
  },
};

function compiled(layout: Layout): { readonly groups: Tables; readonly subnets: Tables } {
  const { groups, subnets } = asApplied(layout);
  const interfaces = layout.services.flatMap((service) =>
    service.tasks.map(({ id, address }) => ({ name: id, address, groupIds: service.groups })),
  );
  const { chains, sets } = compileRuleset(groups, interfaces, ({ rule }) => rule.id);
  const ends = [
    ["accepted", ["accept"]],
    ["denied_ingress", ["drop"]],
    ["denied_egress", ["drop"]],
  ] as const;
  return {
    groups: { chains: new Map([...chains, ...ends]), sets },
    subnets: { chains: new Map([...subnetChains(subnets), ...ends]), sets: new Map() },
  };
}
