import { parseReach } from "../../../src/lab/run-options/reach";

describe("--reach", () => {
  it("gives each name an address beyond the VPC, and each of its ports a place that this machine connects to", () => {
    expect(
      parseReach(["db.internal:5432=127.0.0.1:15432", "DB.internal.:6432=127.0.0.1:6432", "api.example.com:443"]),
    ).toEqual([
      {
        name: "db.internal",
        address: "203.0.113.10",
        ports: [
          { port: 5432, host: "127.0.0.1", hostPort: 15432 },
          { port: 6432, host: "127.0.0.1", hostPort: 6432 },
        ],
      },
      {
        name: "api.example.com",
        address: "203.0.113.11",
        ports: [{ port: 443, host: "api.example.com", hostPort: 443 }],
      },
    ]);
  });

  it("keeps an address that an application uses instead of a name", () => {
    expect(parseReach(["10.20.0.5:6379=[::1]:6379"])).toEqual([
      { name: "10.20.0.5", address: "10.20.0.5", ports: [{ port: 6379, host: "::1", hostPort: 6379 }] },
    ]);
  });

  it.each([
    "db.internal",
    "db.internal=127.0.0.1:1",
    "db:0=h:1",
    "db:65536=h:1",
    "db:1=:1",
    "d b:1=h:1",
    "a:1=b:1=c:1",
  ])("rejects %s with the form", (option) => {
    expect(() => parseReach([option])).toThrow(
      `--reach ${option}: it must be NAME:PORT=HOST:PORT, such as db.internal:5432=127.0.0.1:5432.`,
    );
  });

  it("rejects a port of a name that is given twice", () => {
    expect(() => parseReach(["db:5432=a:1", "db:5432=b:1"])).toThrow("--reach db:5432=b:1: db:5432 is given twice.");
  });
});
