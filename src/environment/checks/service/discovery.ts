import { isLibcluster } from "../../../discovery";
import { defaultPollingIntervalMs } from "../../../distribution";
import type { ServiceParts } from "../../schema/schema";
import { valueAt } from "../../values";
import type { Finding } from "../finding";
import type { Place } from "../service";

/** Rejects an interval that nothing would read. @param file the file as it is written, without defaults */
export function pollingInterval({ path }: Place, { discovery }: ServiceParts, file: unknown): Finding[] {
  const here = [...path, "pollingIntervalMs"];
  if (discovery === undefined || isLibcluster(discovery) || valueAt(file, here.slice(1)) === undefined) return [];
  const instead =
    discovery === "dns_cluster"
      ? `DNSCluster polls every ${defaultPollingIntervalMs.dnsCluster} ms, unless its child has an interval:`
      : "the application finds its peers by itself";
  return [{ path: here, allowed: `no interval with "discovery": "${discovery}": ${instead}` }];
}
