import { parseEnvironments, serviceSecrets } from "../../src/environment";
import { changed } from "./example";

it("lists the secrets of the node, of its sidecars, of the log router and of registries", () => {
  const uri = "registry.example.com/agent:1";
  const sidecar = {
    image: { uri },
    secrets: { API_KEY: { secretsManager: "prod/agent", key: "api_key" } },
    registryCredentials: { secretsManager: "prod/registry", check: "none" },
  };
  const secretOptions = { Header: { ssmParameter: "/log-token" } };
  const file = changed({
    "prod/services/myapp/secrets": { SECRET_KEY_BASE: { ssmParameter: "/key-base" } },
    "prod/services/myapp/sidecars": { agent: sidecar },
    "prod/services/myapp/logs": {
      driver: { awsfirelens: { image: { uri }, options: { Name: "http" }, secretOptions } },
    },
  });
  const { myapp, myapp2 } = parseEnvironments(JSON.stringify(file), "environments.json").prod!.services;
  expect(serviceSecrets(myapp!)).toEqual([
    { variable: "SECRET_KEY_BASE", secret: { ssmParameter: "/key-base" } },
    { variable: "API_KEY", secret: { secretsManager: "prod/agent", key: "api_key" } },
    { variable: "Header", secret: { ssmParameter: "/log-token" } },
    {
      variable: "registryCredentials",
      secret: { secretsManager: "prod/registry", check: "none", key: "username" },
    },
    {
      variable: "registryCredentials",
      secret: { secretsManager: "prod/registry", check: "none", key: "password" },
    },
  ]);
  expect(serviceSecrets(myapp2!)).toEqual([]);
});
