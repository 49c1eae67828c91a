import { scenariosNamed } from "../../../src/lab/scenarios";

describe("scenariosNamed", () => {
  it("gives what is named, in that order, and everything for all", () => {
    expect(scenariosNamed(["closed", "forms"]).map(({ name }) => name)).toEqual(["closed", "forms"]);
    expect(scenariosNamed(["all"]).map(({ name }) => name)).toEqual(
      expect.arrayContaining(["forms", "closed", "ports", "outsider", "eight", "rolling", "broken-deploy", "cold"]),
    );
  });

  it("refuses an unknown name with those there are", () => {
    expect(() => scenariosNamed(["form"])).toThrow(/^There is no scenario "form"\. Scenarios are: forms, closed, /);
  });
});
