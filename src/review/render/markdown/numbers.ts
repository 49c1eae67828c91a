import { markdown, type Markup } from "../../../foreign-text";
import type { Review } from "../../review";
import { describeServices, groupDeployments, groupStability } from "../groups";
import { describeStability, describeStrategy, seconds } from "../summary";
import { foldIf, type Part } from "./part";

const instead = "the numbers are in the JSON and the HTML of this review.";

/** Cluster stability, one row for all services that are alike. */
export function stability(review: Review): Part {
  if (review.stability.length === 0) return { text: markdown``, instead };
  const rows = groupStability(review).map(
    ({ services, first }) =>
      markdown`| ${describeServices(services, review.services)} | ${describeStability(first)} | ${seconds(first.join)} | ${seconds(first.cleanLeave)} | ${seconds(first.silentLoss)} |`,
  );
  const heads = [
    markdown`| service | tasks and DNS | a join is noticed | a clean leave | a silent loss |`,
    markdown`|---|---|---|---|---|`,
  ];
  const table = markdown.join([...heads, ...rows], markdown`\n`);
  const text = foldIf(rows.length > 6, `${review.services.length} services`, table);
  return { title: markdown`Cluster stability`, text, instead, whole: true };
}

/** How long deployments take, one row for all services that are alike. */
export function deployments(review: Review): Part {
  if (review.web.length === 0) return { text: markdown``, instead };
  const all = [...new Set(review.web.map(({ service }) => service))];
  const rows: readonly Markup<"markdown">[] = groupDeployments(review).map(({ services, first }) => {
    const { strategy, deployment } = first;
    const who = describeServices(services, all);
    const how = strategy ? describeStrategy(strategy) : "unknown";
    return deployment
      ? markdown`| ${who} | ${how} | ${deployment.tasks} | ${deployment.rounds} | ${seconds(deployment.total)} | ${deployment.reconnect} s | ${seconds(deployment.stop)} |`
      : markdown`| ${who} | ${how} | unknown | | | | |`;
  });
  const heads = [
    markdown`| service | strategy | tasks | rounds | a deployment takes, and the boots | a socket is asked to reconnect after | a task then ends within |`,
    markdown`|---|---|---|---|---|---|---|`,
  ];
  const text = markdown.join([...heads, ...rows], markdown`\n`);
  return { title: markdown`Deployments behind the load balancer`, text, instead, whole: true };
}
