import { startLocalAws } from "../../../src/lab/local-aws/aws";

const credential = "AKIA/20260101/eu-west-1/codedeploy/aws4_request";
const headers = {
  "content-type": "application/x-amz-json-1.1",
  authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0`,
};

it("reads and deletes applications and deployment groups of CodeDeploy as Terraform does", async () => {
  const aws = await startLocalAws();
  const request = async (action: string, body: object) => {
    const target = { "x-amz-target": `CodeDeploy_20141006.${action}` };
    const response = await fetch(aws.endpoint, {
      method: "POST",
      headers: { ...headers, ...target },
      body: JSON.stringify(body),
    });
    return [response.status, await response.json()] as const;
  };
  try {
    const [application, group] = [{ applicationName: "shop" }, { deploymentGroupName: "web" }];
    await request("CreateApplication", { ...application, computePlatform: "ECS" });
    const ecsServices = [{ clusterName: "shop", serviceName: "web" }];
    await request("CreateDeploymentGroup", {
      ...application,
      ...group,
      serviceRoleArn: "arn:aws:iam::1:role/x",
      ecsServices,
    });
    expect(await request("GetApplication", application)).toMatchObject([
      200,
      { application: { ...application, computePlatform: "ECS", createTime: expect.any(Number) } },
    ]);
    expect(await request("GetDeploymentGroup", { ...application, ...group })).toMatchObject([
      200,
      { deploymentGroupInfo: { ...group, ecsServices } },
    ]);
    expect(await request("DeleteDeploymentGroup", { ...application, ...group })).toMatchObject([200, {}]);
    expect(await request("GetDeploymentGroup", { ...application, ...group })).toMatchObject([400, {}]);
    expect(await request("DeleteApplication", application)).toEqual([200, {}]);
    expect(await request("GetApplication", application)).toMatchObject([400, {}]);
  } finally {
    await aws.stop();
  }
});
