import { parseEnvironments } from "../../src/environment";
import { exhaustedConnections } from "../../src/stacks/connection-pools";
import { changed, example } from "../environment/example";

const database = (options: object = {}) => ({
  connectsTo: { database: { securityGroup: { name: "db" }, port: 5432, ...options } },
});

function warnings(myapp: object, myapp2: object = {}) {
  const { myapp: one, myapp2: two } = example.prod.services as Record<string, object>;
  const services = { ...example.prod.services, myapp: { ...one, ...myapp }, myapp2: { ...two, ...myapp2 } };
  const file = JSON.stringify(changed({ "prod/services": services }));
  return exhaustedConnections(parseEnvironments(file, "environments.json").prod!);
}

describe("exhaustedConnections", () => {
  it("counts old and new tasks of a deployment, with the pool of Phoenix", () => {
    expect(warnings({ tasks: 3, ...database({ connections: 60 }) })).toEqual([]);
    expect(warnings({ tasks: 3, ...database({ connections: 59 }) })).toEqual([
      {
        service: "myapp",
        message:
          'a deployment may open 60 connections to "database" (myapp: 6 tasks × 10), and it has 59: set a smaller POOL_SIZE or maximumPercent, or put a pooler such as RDS Proxy in front of it',
      },
    ]);
  });

  it("counts the most tasks that autoscaling may run, at any time of its schedule", () => {
    const schedule = [{ cron: "0 7 ? * MON-FRI *", min: 4, max: 9 }];
    const tasks = { min: 2, max: 6, cpuPercent: 60, schedule };
    expect(warnings({ tasks, ...database({ connections: 179 }) })[0]?.message).toContain("myapp: 18 tasks × 10");
  });

  it("counts the tasks that a deployment with stock DNSPoll runs: at most one DNS answer", () => {
    const polling = { discovery: "dnspoll", tasks: 6 };
    expect(warnings({ ...polling, ...database({ connections: 79 }) })[0]?.message).toContain("myapp: 8 tasks × 10");
  });

  it("takes the pool from poolSize, else from POOL_SIZE", () => {
    const environment = { POOL_SIZE: "20" };
    const message = (options: object) => warnings({ tasks: 1, environment, ...database(options) })[0]?.message;
    expect(message({ connections: 39 })).toContain("myapp: 2 tasks × 20");
    expect(message({ connections: 39, poolSize: 5 })).toBeUndefined();
  });

  it("adds up the services of one database, and warns once", () => {
    const both = { tasks: 1, ...database({ connections: 39 }) };
    const found = warnings(both, both);
    expect(found.map(({ service }) => service)).toEqual(["myapp"]);
    expect(found[0]!.message).toContain("40 connections");
  });

  it("counts the two connections of a migration where the pool is smaller", () => {
    const one = { tasks: 1, ...database({ connections: 3, poolSize: 1 }) };
    expect(warnings(one)).toEqual([]);
    expect(warnings({ ...one, beforeStart: ["bin/migrate"] })).toHaveLength(1);
  });

  it("warns of nothing where the database doesn't say", () => {
    expect(warnings({ tasks: 100, ...database() })).toEqual([]);
  });
});
