import { changed } from "../../example";
import { messagesOf } from "../../messages";

const app = "environments.prod.services.myapp";
const agent = { image: { uri: "datadog/agent:7" } };
const withOptions = (options: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  messagesOf(
    changed({
      ...Object.fromEntries(Object.entries(options).map(([key, value]) => [`prod/services/myapp/${key}`, value])),
      ...more,
    }),
  );

it("accepts the same image for a service, a sidecar and a log router", () => {
  const sameAs = { sameAs: "myapp2" };
  const awsfirelens = { image: sameAs, options: { Name: "null" } };
  const sidecars = { agent: { image: { sameAs: "myapp" } } };
  expect(withOptions({ image: sameAs, sidecars, logs: { driver: { awsfirelens } } })).toEqual([]);
});

it.each<[string, Record<string, unknown>, Record<string, unknown>, string]>([
  [
    "a port of distribution, as the environment sets it",
    { sidecars: { agent: { ...agent, ports: [9300] } } },
    { "prod/distribution": { singlePort: 9300 } },
    `${app}.sidecars.agent.ports.0: 9300. Allowed: a port that no other container of the task listens on: Erlang distribution has 9300.`,
  ],
  [
    "the log router's memory, by default",
    {
      memory: 1024,
      sidecars: { agent: { ...agent, memory: 900 } },
      logs: { driver: { awsfirelens: { image: { uri: "fluent/fluent-bit:3" }, options: {} } } },
    },
    {},
    `${app}.memory: 1024. Allowed: more than 1028 (MiB), which the containers next to the node reserve: the node needs its own.`,
  ],
  [
    "a sidecar's check that takes as long as its interval, by default",
    { sidecars: { agent: { ...agent, healthCheck: { command: ["CMD", "true"], timeoutSeconds: 30 } } } },
    {},
    `${app}.sidecars.agent.healthCheck.timeoutSeconds: 30. Allowed: fewer seconds than intervalSeconds, which is 30.`,
  ],
  [
    "the image of no service",
    { image: { sameAs: "myap2" } },
    {},
    `${app}.image.sameAs: "myap2". Allowed: a service of this environment: myapp2.`,
  ],
  [
    "its own image",
    { image: { sameAs: "myapp" } },
    {},
    `${app}.image.sameAs: "myapp". Allowed: a service of this environment: myapp2.`,
  ],
  [
    "an image that is another one's itself",
    { image: { sameAs: "myapp2" } },
    { "prod/services/myapp2/image": { sameAs: "myapp3" }, "prod/services/myapp3": agent },
    `${app}.image.sameAs: "myapp2". Allowed: the service with the image itself: "myapp2" has the same as "myapp3".`,
  ],
  [
    "an image that is built for another processor",
    { image: { sameAs: "myapp2" }, architecture: "ARM64" },
    { "prod/services/myapp2/image": { build: "." } },
    `${app}.image.sameAs: "myapp2". Allowed: a service with the architecture "ARM64", like this one: "myapp2" builds its image for "X86_64".`,
  ],
])("reports %s", (_, options, more, message) => expect(withOptions(options, more)).toEqual([message]));
