import type { AppliedContainer } from "../../../src/lab/control-plane/applied/task-definitions";
import { VariableOverrides } from "../../../src/lab/run-options/variable-overrides";

const container = {
  name: "app",
  environment: { PORT: "4000", HOST: "shop.example.com" },
  secrets: [{ name: "DATABASE_URL", valueFrom: "/shop/database-url" }],
} as unknown as AppliedContainer;

const applied = (options: ConstructorParameters<typeof VariableOverrides>[0], service = "shop", own = {}) => {
  const [changed] = new VariableOverrides(options, own).applyTo(service, [container]);
  return { environment: changed!.environment, secrets: changed!.secrets };
};

describe("variables of a run", () => {
  it("are added to every container, replace its own, and may contain an equals sign", () => {
    expect(applied({ env: ["PORT=80", "QUERY=a=b", "EMPTY="] }).environment).toEqual({
      ...container.environment,
      PORT: "80",
      QUERY: "a=b",
      EMPTY: "",
    });
  });

  it("of one service override those of all services, in any order", () => {
    const env = ["shop.PORT=81", "PORT=80"];
    expect(applied({ env }).environment["PORT"]).toBe("81");
    expect(applied({ env }, "jobs").environment["PORT"]).toBe("80");
  });

  it("replace the value of a secret, of one service too", () => {
    const given = { ...container.secrets[0], given: "ecto://x" };
    expect(applied({ secrets: ["DATABASE_URL=ecto://x"] }).secrets).toEqual([given]);
    expect(applied({ secrets: ["shop.DATABASE_URL=ecto://x"] }).secrets).toEqual([given]);
    expect(applied({ secrets: ["shop.DATABASE_URL=ecto://x"] }, "jobs").secrets).toEqual(container.secrets);
  });

  it("set with --env replace a secret of that name", () => {
    const { environment, secrets } = applied({ env: ["DATABASE_URL=ecto://x"] });
    expect(environment["DATABASE_URL"]).toBe("ecto://x");
    expect(secrets).toEqual([]);
  });

  it("without a value take that of this process", () => {
    const own = { DATABASE_URL: "ecto://own", PORT: "80" };
    const { environment, secrets } = applied({ env: ["shop.PORT"], secrets: ["DATABASE_URL"] }, "shop", own);
    expect(environment["PORT"]).toBe("80");
    expect(secrets[0]!.given).toBe("ecto://own");
  });

  const refusal = (options: ConstructorParameters<typeof VariableOverrides>[0]) => () => {
    const overrides = new VariableOverrides(options, {});
    overrides.applyTo("shop", [container]);
    overrides.check();
  };

  it("are rejected where they match nothing, with what there is and without their values", () => {
    expect(refusal({ env: ["PORT=80", "shop.PORT=81"], secrets: ["DATABASE_URL=x"] })).not.toThrow();
    expect(refusal({ env: ["shup.PORT=hidden"] })).toThrow(
      '--env shup.PORT: there is no service "shup". Did you mean shop? Services are: shop.',
    );
    expect(refusal({ secrets: ["DATABASE_URI=hidden"] })).toThrow(
      '--secret DATABASE_URI: no container has a secret "DATABASE_URI". Did you mean DATABASE_URL? Secrets are: DATABASE_URL. --env sets any variable.',
    );
  });

  it("are rejected without a name or a value, and when given twice", () => {
    expect(refusal({ secrets: ["=hidden"] })).toThrow("--secret : it must be NAME=value");
    expect(refusal({ env: ["a.b.c=1"] })).toThrow("--env a.b.c: it must be NAME=value or SERVICE.NAME=value");
    expect(refusal({ env: ["PORT"] })).toThrow("--env PORT: PORT isn't set here, so it has no value.");
    expect(refusal({ env: ["PORT=1"], secrets: ["PORT=2"] })).toThrow("--env and --secret: PORT is given twice.");
  });
});
