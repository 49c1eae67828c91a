import { literal, literals } from "../../src/constructs/literal";

describe("literal", () => {
  it("keeps Terraform from reading templates into text", () => {
    expect(literal("a ${HOST} and %{http_code} and $ and 100 %")).toBe("a $${HOST} and %%{http_code} and $ and 100 %");
  });

  it("does so for every key and value of a map", () => {
    expect(literals({ "%{Name}": "${team}", Other: "plain" })).toEqual({ "%%{Name}": "$${team}", Other: "plain" });
  });
});
