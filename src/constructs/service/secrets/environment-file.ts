import { DataAwsS3Objects } from "@cdktf/provider-aws/lib/data-aws-s3-objects";
import { Construct } from "constructs";
import { environmentFileDefaults } from "../../../aws/defaults";
import { literal } from "../../literal";

/** Properties of an {@link EnvironmentFile}. */
export interface EnvironmentFileProps {
  /** ARN of the object in S3, which ends with `.env`. */
  readonly s3: string;
  /**
   * How a plan checks that the file exists: `data` lists its key, which needs `s3:ListBucket`, and never reads it; `none`
   * checks nothing.
   * @default "data"
   */
  readonly check?: "data" | "none";
  /** ARN of the customer key that encrypts it. @default a key of S3, which needs no permission */
  readonly kmsKeyArn?: string | undefined;
}

/**
 * A file of environment variables in S3, which ECS reads with the execution role before a container starts. Variables of the
 * container definition override those of files, and an earlier file overrides a later one.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/use-environment-file.html
 */
export class EnvironmentFile extends Construct {
  readonly arn: string;
  readonly bucketArn: string;
  readonly kmsKeyArn: string | undefined;

  constructor(
    scope: Construct,
    id: string,
    { s3, check = environmentFileDefaults.check, kmsKeyArn }: EnvironmentFileProps,
  ) {
    super(scope, id);
    const [bucketArn] = s3.split("/", 1) as [string];
    this.arn = literal(s3);
    this.bucketArn = bucketArn;
    this.kmsKeyArn = kmsKeyArn;
    if (check === "none") return;
    const key = literal(s3.slice(bucketArn.length + 1));
    const bucket = bucketArn.slice(bucketArn.lastIndexOf(":") + 1);
    // aws_s3_object would read the file into the state.
    new DataAwsS3Objects(this, "file", {
      bucket,
      prefix: key,
      maxKeys: 1,
      lifecycle: {
        postcondition: [
          {
            condition: `\${contains(self.keys, ${literal(JSON.stringify(s3.slice(bucketArn.length + 1)))})}`,
            errorMessage: `There is no environment file ${this.arn}: no task could start. Upload it, or remove it from environmentFiles.`,
          },
        ],
      },
    });
  }
}
