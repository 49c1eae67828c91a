import { App } from "cdktf";
import type { Environments } from "../../environment";
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
    });
  }
  return app;
}
