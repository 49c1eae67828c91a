/**
 * What AWS proposes as the prefix of the repositories that a pull-through cache makes, one for each registry behind it.
 * Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-creating-rule.html
 */
const cachePrefixes = ["ecr-public", "docker-hub", "quay", "kubernetes", "github", "gitlab", "azure", "chainguard"];

/** Prefixes of regions in partitions other than `aws`. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
const partitions: readonly [string, string][] = [
  ["cn-", "aws-cn"],
  ["us-gov-", "aws-us-gov"],
  ["us-iso-", "aws-iso"],
  ["us-isob-", "aws-iso-b"],
  ["eu-isoe-", "aws-iso-e"],
  ["us-isof-", "aws-iso-f"],
  ["eusc-", "aws-eusc"],
];

export function partitionOfRegion(region: string): string {
  return partitions.find(([prefix]) => region.startsWith(prefix))?.[1] ?? "aws";
}

/**
 * An ECR image's repository, by any of the names that its registry has: `….dkr.ecr.<region>.amazonaws.com` and its like in
 * other partitions, or `….dkr-ecr.<region>.on.aws`, which answers on IPv6 too.
 * Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-requests.html
 */
export function repositoryArnOf(uri: string): string | undefined {
  const ecr = /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.[a-z0-9.-]+\/([^:@]+)/.exec(uri);
  if (!ecr) return undefined;
  const [, account, region, repository] = ecr;
  return `arn:${partitionOfRegion(region!)}:ecr:${region}:${account}:repository/${repository}`;
}

/** Whether a repository's name is one of a pull-through cache. */
export function isPullThroughCache(repositoryArn: string): boolean {
  return cachePrefixes.some((prefix) => repositoryArn.includes(`:repository/${prefix}/`));
}
