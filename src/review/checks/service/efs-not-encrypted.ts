import { block, blocks, text } from "../../read/value";
import { runningDefinitions, type Check } from "../check";

export const efsNotEncrypted: Check = {
  id: "efs-not-encrypted",
  title: "An EFS volume isn't encrypted in transit",
  severity: "warning",
  rationale:
    "Files cross the VPC in plain text. With IAM authorization or an access point, AWS rejects such a task definition, and the apply fails.",
  remediation:
    'Set transit_encryption = "ENABLED" in efs_volume_configuration. IAM authorization also needs an authorization_config with iam = "ENABLED".',
  limitations:
    "The check reports nothing if the setting isn't known before apply. It doesn't look at the file system's policy, which may refuse clients without encryption.",
  sources: ["https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_EFSVolumeConfiguration.html"],
  *find(subject) {
    for (const { definition } of runningDefinitions(subject)) {
      for (const volume of blocks(definition.values.volume)) {
        const efs = block(volume.efs_volume_configuration);
        const encryption = efs?.transit_encryption;
        if (!efs || (encryption != null && text(encryption) !== "DISABLED")) continue;
        const authorization = block(efs.authorization_config);
        const refused = [
          ...(text(authorization?.iam) === "ENABLED" ? ["IAM authorization"] : []),
          ...(authorization?.access_point_id != null && authorization.access_point_id !== ""
            ? ["an access point"]
            : []),
        ];
        const message = `volume ${text(volume.name) ?? "?"} has no transit_encryption`;
        yield refused.length > 0
          ? {
              address: definition.address,
              severity: "error",
              message: `${message}, which AWS rejects with ${refused.join(" and ")}`,
            }
          : { address: definition.address, message };
      }
    }
  },
};
