import { type Colours, type Markup, type Part, terminal } from "../../../foreign-text";
import type { Review } from "../../review";
import { describeServices, groupDeployments, groupStability } from "../groups";
import { describeDeployment, describeStability, seconds } from "../summary";
import { heading } from "./heading";

type Text = Markup<"terminal">;

/** Cluster stability, one line for all services that are alike. */
export function* stability(review: Review, colours: Colours): Generator<Text> {
  yield terminal``;
  yield heading(colours, "Cluster stability");
  for (const { services, first } of groupStability(review)) {
    const paint =
      first.verdict === "together"
        ? (text: Part<"terminal">) => terminal`${text}`
        : first.verdict === "unknown"
          ? colours.yellow
          : colours.red;
    yield terminal`  ${colours.bold(describeServices(services, review.services))}: ${paint(describeStability(first))}`;
    yield colours.dim(
      terminal`      noticed: a join ${seconds(first.join)} after its registration, a clean leave ${seconds(first.cleanLeave)}, a silent loss ${seconds(first.silentLoss)}; a dead address is dialled ${seconds(first.staleAddress)}`,
    );
  }
}

/** How long deployments take, one line for all services that are alike. */
export function* deployments(review: Review, colours: Colours): Generator<Text> {
  if (review.web.length === 0) return;
  const all = [...new Set(review.web.map(({ service }) => service))];
  yield terminal``;
  yield heading(colours, "Deployments behind the load balancer");
  for (const { services, first } of groupDeployments(review))
    yield terminal`  ${colours.bold(describeServices(services, all))}: ${describeDeployment(first)}`;
}
