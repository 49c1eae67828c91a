import { pollingIntervalOf } from "../../discovery";
import { defaultNetTicktime, defaultPollingIntervalMs } from "../../distribution";
import { expectedMeshes } from "../cluster/expected-meshes";
import type { Lab } from "../lab";
import type { HistorySettings } from "./history";

/** What a history needs to know of the services that are applied now. @param apart services meant to see no other node */
export function settingsOf(
  { services, cloudMap }: Pick<Lab, "services" | "cloudMap">,
  apart: readonly string[],
): HistorySettings {
  const timed = services.filter(({ name }) => !apart.includes(name));
  const variables = timed.flatMap(({ timing }) => timing.containers.map(({ environment }) => environment));
  const tickOf = ({ NET_TICKTIME: seconds }: Readonly<Record<string, string>>) =>
    seconds === undefined ? defaultNetTicktime.erlang : Number(seconds);
  const pollingOf = (environment: Readonly<Record<string, string>>) =>
    pollingIntervalOf((name) => environment[name]) ?? defaultPollingIntervalMs.dnsPoll;
  return {
    netTicktime: Math.max(0, ...variables.map(tickOf)),
    pollingIntervalMs: Math.max(0, ...variables.map(pollingOf)),
    dnsTtl: Math.max(0, ...timed.map(({ timing }) => timing.dnsTtl ?? 0)),
    negativeTtl: Math.max(0, ...cloudMap.zones().map(({ negativeTtl }) => negativeTtl)),
    clusters: expectedMeshes(services).meshes,
    apart,
  };
}

/** Both, of a lab whose services were changed meanwhile: the longer time counts. */
export const bothSettings = (one: HistorySettings, other: HistorySettings): HistorySettings => ({
  netTicktime: Math.max(one.netTicktime, other.netTicktime),
  pollingIntervalMs: Math.max(one.pollingIntervalMs, other.pollingIntervalMs),
  dnsTtl: Math.max(one.dnsTtl, other.dnsTtl),
  negativeTtl: Math.max(one.negativeTtl, other.negativeTtl),
  clusters: other.clusters.length > 0 ? other.clusters : one.clusters,
  apart: [...new Set([...one.apart, ...other.apart])],
});
