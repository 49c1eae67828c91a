/** A capacity provider of a service's strategy. Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html */
export interface CapacityShare {
  readonly provider: string;
  /** Tasks that run on it before any weight counts. */
  readonly base: number;
  /** Share of all other tasks, relative to the other providers'. */
  readonly weight: number;
}

export const spotProvider = "FARGATE_SPOT";
export const onDemandProvider = "FARGATE";

/**
 * The provider that the next task runs on: first the one whose base isn't full, then the one that is the furthest below its
 * share. Services without a strategy run on Fargate.
 * @param running providers of the tasks that aren't stopping
 */
export function nextProvider(strategy: readonly CapacityShare[], running: readonly string[]): string {
  const count = (provider: string) => running.filter((one) => one === provider).length;
  const based = strategy.find(({ provider, base }) => count(provider) < base);
  if (based) return based.provider;
  const filled = ({ provider, base, weight }: CapacityShare) => (count(provider) - base + 1) / weight;
  const weighted = strategy.filter(({ weight }) => weight > 0);
  if (weighted.length === 0) return onDemandProvider;
  return weighted.reduce((best, share) => (filled(share) < filled(best) ? share : best)).provider;
}
