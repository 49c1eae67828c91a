import { changed } from "../../example";
import { messagesOf } from "../../messages";

describe("alarms", () => {
  const withTopic = (topic: string) => messagesOf(changed({ "prod/alarms": { topic } }));

  it("go to a topic", () => expect(withTopic("arn:aws:sns:eu-west-1:123456789012:alarms")).toEqual([]));

  it("go to no topic of another region", () => {
    expect(withTopic("arn:aws:sns:us-east-1:123456789012:alarms")).toEqual([
      'environments.prod.alarms.topic: "arn:aws:sns:us-east-1:123456789012:alarms". Allowed: a topic in the environment\'s region, eu-west-1.',
    ]);
  });

  it("own the variables that turn metrics on", () => {
    const file = changed({ "prod/services/myapp/environment": { CLUSTER_METRICS: "a/b/c" } });
    expect(messagesOf(file)).toEqual([expect.stringContaining("the option alarms sets it")]);
  });
});
