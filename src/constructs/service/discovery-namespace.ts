import { DataAwsServiceDiscoveryDnsNamespace } from "@cdktf/provider-aws/lib/data-aws-service-discovery-dns-namespace";
import { ServiceDiscoveryPrivateDnsNamespace } from "@cdktf/provider-aws/lib/service-discovery-private-dns-namespace";
import { Construct } from "constructs";
import { deletedLast } from "../lifecycle";

/** Properties of a {@link DiscoveryNamespace}. */
export interface DiscoveryNamespaceProps {
  /** The DNS name of a new namespace, or of an existing one. */
  readonly namespace: { readonly create: string } | { readonly existing: string };
  /** Id of the VPC whose resolver answers for a new namespace. */
  readonly vpcId: string;
}

/**
 * A private DNS namespace of Cloud Map: the right side of the names that nodes poll. One namespace serves many services.
 * Source: https://docs.aws.amazon.com/cloud-map/latest/dg/working-with-namespaces.html
 */
export class DiscoveryNamespace extends Construct {
  /** Id: `ns-…`. */
  readonly id: string;
  /** DNS name, such as `organization.local`. */
  readonly name: string;
  private readonly services = new Map<string, string>();

  constructor(scope: Construct, id: string, { namespace, vpcId }: DiscoveryNamespaceProps) {
    super(scope, id);
    if ("create" in namespace) {
      this.name = namespace.create;
      this.id = new ServiceDiscoveryPrivateDnsNamespace(this, "namespace", {
        name: this.name,
        vpc: vpcId,
        description: "Nodes of Elixir clusters, by service",
        lifecycle: deletedLast,
      }).id;
    } else {
      this.name = namespace.existing;
      this.id = new DataAwsServiceDiscoveryDnsNamespace(this, "namespace", { name: this.name, type: "DNS_PRIVATE" }).id;
    }
  }

  /** The DNS name of a service, which answers with its running tasks: derived only here. */
  dnsName(service: string): string {
    return `${service}.${this.name}`;
  }

  /** Records a service that registers here. Two of one name would share one DNS name and one set of tasks. */
  register(service: string, owner: Construct): void {
    const first = this.services.get(service);
    if (first === undefined) {
      this.services.set(service, owner.node.path);
      return;
    }
    owner.node.addValidation({
      validate: () => [
        `two services have the name "${service}" in the namespace ${this.name}, the other is ${first}: give each a different one`,
      ],
    });
  }
}
