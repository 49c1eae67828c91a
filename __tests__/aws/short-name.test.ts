import { shortName } from "../../src/aws/short-name";

const long = "production-with-a-long-name-payments-gateway";

describe("shortName", () => {
  it("fits 32 characters, keeps what fits, and ends in no two hyphens", () => {
    expect(shortName(long, [])).toMatch(/^production-with-a-long-[0-9a-f]{8}$|^production-with-a-long-n-[0-9a-f]{8}$/);
    expect(shortName(long, []).length).toBeLessThanOrEqual(32);
    expect(shortName("prod-shop", [])).toMatch(/^prod-shop-[0-9a-f]{8}$/);
    expect(shortName("aaaaaaaaaaaaaaaaaaaaaa-b", [])).not.toContain("--");
  });

  it("is the same for the same input, and another for another name or another thing that replaces it", () => {
    expect(shortName(long, ["4000"])).toBe(shortName(long, ["4000"]));
    const names = [shortName(long, ["4000"]), shortName(`${long}2`, ["4000"]), shortName(long, ["8080"])];
    expect(new Set(names).size).toBe(3);
  });
});
