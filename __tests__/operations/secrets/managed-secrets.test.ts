import type { Aws } from "../../../src/aws/sdk/clients";
import { managedSecretExists, writeManagedSecret } from "../../../src/operations/secrets/managed-secrets";

/** Secrets Manager with these secrets by name. */
function awsWith(stored: Record<string, string>) {
  const created: object[] = [];
  const send = ({ constructor, input }: { constructor: { name: string }; input: Record<string, string> }) => {
    const name = input.SecretId ?? input.Name!;
    if (constructor.name === "CreateSecretCommand") created.push(input);
    if (input.SecretString !== undefined) stored[name] = input.SecretString;
    else if (stored[name] === undefined)
      return Promise.reject(Object.assign(new Error("none"), { name: "ResourceNotFoundException" }));
    return Promise.resolve({ SecretString: stored[name] });
  };
  return { aws: { secretsManager: { send } } as unknown as Aws, stored, created };
}

const url = { name: "prod/shop", key: "url" };

describe("a secret in Secrets Manager", () => {
  it("exists with its key alone", async () => {
    const { aws } = awsWith({ "prod/shop": '{"password":"p"}', plain: "text" });
    expect(await managedSecretExists(aws, url)).toBe(false);
    expect(await managedSecretExists(aws, { ...url, key: "password" })).toBe(true);
    expect(await managedSecretExists(aws, { name: "prod/shop", key: undefined })).toBe(true);
    expect(await managedSecretExists(aws, { name: "other", key: undefined })).toBe(false);
  });

  it("is created as JSON with the key, encrypted with the key of the environment", async () => {
    const { aws, stored, created } = awsWith({});
    await writeManagedSecret(aws, url, "new", "arn:key");
    expect(created).toEqual([{ Name: "prod/shop", SecretString: '{"url":"new"}', KmsKeyId: "arn:key" }]);
    await writeManagedSecret(aws, { name: "whole", key: undefined }, "text", undefined);
    expect(stored.whole).toBe("text");
  });

  it("keeps the other keys of the object when one is rotated", async () => {
    const { aws, stored, created } = awsWith({ "prod/shop": '{"password":"p","url":"old"}' });
    await writeManagedSecret(aws, url, "new", undefined);
    expect(JSON.parse(stored["prod/shop"]!)).toEqual({ password: "p", url: "new" });
    expect(created).toEqual([]);
  });

  it("is not overwritten where it isn't an object, and the message doesn't show the value", async () => {
    const { aws, stored } = awsWith({ "prod/shop": "hidden" });
    await expect(writeManagedSecret(aws, url, "new", undefined)).rejects.toThrow(
      "The secret prod/shop isn't a JSON object, and the environment names a key of it.",
    );
    expect(stored["prod/shop"]).toBe("hidden");
  });
});
