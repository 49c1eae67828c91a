import { App } from "cdktf";
import { managedByTerraform } from "../../aws/names";
import type { Environment, Environments } from "../../environment";
import { ElixirClusterStack } from "../elixir-cluster-stack";
import { StateBucketStack } from "../state-bucket-stack";

/**
 * The app of an environments file: one stack for each environment, and one for each state bucket with `bucketStack`.
 *
 * @param outdir where the JSON goes. @default cdktf.out
 */
export function environmentsApp(environments: Environments, outdir?: string): App {
  const app = new App(outdir ? { outdir } : {});
  for (const [name, environment] of Object.entries(environments)) new ElixirClusterStack(app, name, environment);
  for (const { state, region } of Object.values(environments)) {
    if (!("s3" in state) || !state.s3.bucketStack) continue;
    const { bucket, kmsKeyId, roleArn, bucketStack } = state.s3;
    const id = `state-bucket-${bucket.replace(/\./g, "_")}`;
    if (app.node.tryFindChild(id)) continue;
    new StateBucketStack(app, id, {
      bucket,
      region: state.s3.region ?? region,
      kmsKeyId,
      roleArn,
      ownState: bucketStack,
      tags: sharedTags(Object.values(environments).filter((one) => keepsStateIn(one, bucket))),
    });
  }
  return app;
}

const keepsStateIn = ({ state }: Environment, bucket: string) => "s3" in state && state.s3.bucket === bucket;

/** The tags that all environments demand of everything: the bucket belongs to none of them alone. */
function sharedTags([first, ...others]: readonly Environment[]): Record<string, string> {
  const tagsOf = ({ defaultTags = managedByTerraform, tags }: Environment) => ({ ...defaultTags, ...tags });
  const shared = Object.entries(first ? tagsOf(first) : {}).filter(([key, value]) =>
    others.every((other) => new Map(Object.entries(tagsOf(other))).get(key) === value),
  );
  return Object.fromEntries(shared);
}
