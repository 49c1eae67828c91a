import path from "node:path";
import { dnsClusterVariable } from "../../../discovery";
import { keptOutOfRelease } from "./dependency";
import { type Step, byHand, present } from "../edit";
import { lineNumber, withoutComments } from "../../source/elixir-source";
import type { MixProject } from "../../source/mix-project";

/** Where production gets the query from, the file that Phoenix generates first. */
const configurations = ["config/runtime.exs", "config/releases.exs"] as const;

/** The child with a fixed query, whatever the environment. */
const fixedQuery = /\{DNSCluster, query: "([^"]*)"/;

/** What Phoenix generates for DNSCluster. It is only looked at: adopt edits nothing of it. */
export function dnsClusterSteps({ tree, application }: MixProject): Step[] {
  const { dnsClusterFile, folder, name } = application;
  const reader = configurations.find((config) => readsQuery(tree.read(config)));
  return [
    {
      what: "the dependency dns_cluster",
      file: path.posix.join(folder, "mix.exs"),
      edit: (text) => keptOutOfRelease(text ?? "", "dns_cluster") ?? present,
    },
    {
      what: "the child DNSCluster",
      file: dnsClusterFile ?? path.posix.join(folder, "mix.exs"),
      edit: (text) => {
        const fixed = fixedQuery.exec(withoutComments(text ?? ""));
        if (!fixed) return present;
        return byHand(
          `line ${lineNumber(text ?? "", fixed.index)} has DNSCluster poll "${fixed[1]}", whatever the task's environment says`,
          `Make it use the query that ${configurations[0]} sets`,
          `{DNSCluster, query: Application.get_env(:${name}, :dns_cluster_query) || :ignore},`,
        );
      },
    },
    {
      what: `DNSCluster's query in production, from ${dnsClusterVariable}`,
      file: reader ?? configurations[0],
      edit: () =>
        reader !== undefined
          ? present
          : byHand(
              `neither ${configurations.join(" nor ")} reads ${dnsClusterVariable}`,
              "Add this to the configuration for production",
              `config :${name}, :dns_cluster_query, System.get_env("${dnsClusterVariable}")`,
            ),
    },
  ];
}

/** Phoenix's own line takes the whole variable for one name, and dns_cluster takes several from 0.2 on. */
export function takesOneQueryAlone({ tree, application: { mixFile } }: MixProject): boolean {
  const unsplit = new RegExp(`:dns_cluster_query,\\s*System\\.get_env\\("${dnsClusterVariable}"\\)`);
  return (
    configurations.some((config) => unsplit.test(withoutComments(tree.read(config) ?? ""))) ||
    /\{:dns_cluster, "~> 0\.1/.test(mixFile)
  );
}

const readsQuery = (text: string | undefined) => withoutComments(text ?? "").includes(`"${dnsClusterVariable}"`);
