import { z } from "zod";
import { environmentFileDefaults } from "../../../aws/defaults";
import * as format from "../formats";
import { object, oneOf, option } from "../shapes";

export interface SecretOptions {
  readonly check?: "data" | "ephemeral" | "none" | undefined;
  readonly kmsKeyArn?: string | undefined;
}

type Secret = SecretOptions &
  (
    | {
        readonly ssmParameter: string;
        readonly secretsManager?: undefined;
        readonly key?: undefined;
        readonly versionStage?: undefined;
      }
    | {
        readonly ssmParameter?: undefined;
        readonly secretsManager: string;
        readonly key?: string | undefined;
        readonly versionStage?: string | undefined;
      }
  );

const places = ["ssmParameter", "secretsManager"] as const;
const onePlace = `an object with exactly one of the keys ${places.join(", ")}`;

const check = oneOf("data", "ephemeral", "none")
  .optional()
  .describe(
    'How a plan checks that it exists: "data" reads everything but the value (the state gets an SSM parameter\'s KMS ciphertext, and nothing from Secrets Manager), "ephemeral" reads the value, stores nothing and needs kms:Decrypt, "none" checks nothing; default: "data" for a name, "none" for an ARN.',
  );

/** The certificates of nodes. They are in SSM: the command `secrets` keeps two further parameters next to this one. */
export const certificates = object({
  ssmParameter: format.ssmParameter.describe(
    "A SecureString in SSM: its name in the environment's account and region, or its ARN, which may be of another account or region. It must exist.",
  ),
  check,
  kmsKeyArn: format.kmsKeyArn
    .optional()
    .describe("ARN of the customer key that encrypts it; default: the account's aws/ssm key."),
});

/** A secret in SSM or in Secrets Manager. */
export const secret = object({
  ssmParameter: format.ssmParameter
    .optional()
    .describe(
      "A SecureString in SSM: its name in the environment's account and region, or its ARN, which may be of another account or region. It must exist; default: none, then set secretsManager.",
    ),
  secretsManager: format.secretsManager
    .optional()
    .describe(
      "A secret in Secrets Manager: its name in the environment's account and region, or its full ARN, which may be of another account or region. It must exist; default: none, then set ssmParameter.",
    ),
  key: format.secretKey
    .optional()
    .describe(
      "With secretsManager: the key of the secret's JSON object that contains the value; default: the whole secret.",
    ),
  versionStage: format.versionStage
    .optional()
    .describe("With secretsManager: the staging label of the version to read; default: AWSCURRENT."),
  check,
  kmsKeyArn: format.kmsKeyArn
    .optional()
    .describe("ARN of the customer key that encrypts it; default: the account's aws/ssm or aws/secretsmanager key."),
})
  .refine((value) => places.filter((place) => value[place] !== undefined).length === 1, { error: onePlace })
  .refine(({ ssmParameter, key }) => ssmParameter === undefined || key === undefined, {
    path: ["key"],
    error: "no key next to ssmParameter: a parameter has one value",
  })
  .refine(({ ssmParameter, versionStage }) => ssmParameter === undefined || versionStage === undefined, {
    path: ["versionStage"],
    error: "no versionStage next to ssmParameter: only secretsManager has stages",
  })
  .meta({
    id: "secret",
    // With `not`, as `oneKey` of shapes.ts, and with a message of its own: other keys have that of the object.
    allOf: [
      {
        not: {
          anyOf: [
            { type: "object", required: places },
            { type: "object", not: { anyOf: places.map((place) => ({ required: [place] })) } },
          ],
        },
        errorMessage: `Allowed: ${onePlace}.`,
      },
    ],
  }) as unknown as z.ZodType<Secret>;

/** An environment file in S3. */
export const environmentFile = object({
  s3: format.environmentFileArn.describe("ARN of the object, which ends with .env."),
  check: option(
    oneOf("data", "none"),
    environmentFileDefaults.check,
    'How a plan checks that it exists: "data" lists its key, which needs s3:ListBucket, and never reads it; "none" checks nothing',
  ),
  kmsKeyArn: format.kmsKeyArn
    .optional()
    .describe("ARN of the customer key that encrypts it; default: a key that S3 manages, which needs no permission."),
});
