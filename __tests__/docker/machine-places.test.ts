import { placesOfPip } from "./machine-places";

describe("what pip reads on this machine", () => {
  it("is its settings files, and the local folders and files that they name", () => {
    const list = [
      ":env:.cert='/certs/ca.crt'",
      ":env:.default-timeout='180'",
      "global.constraint='/etc/xdg/pip/constraints.txt'",
      "global.extra-index-url='file:///packages/simple https://packages.example.com/simple'",
      "global.find-links='/wheels one/relative'",
      "user.find-links='\\n/more\\n/wheels'",
    ].join("\n");
    const debug = [
      "env:",
      "global:",
      "  /etc/xdg/pip/pip.conf, exists: True",
      "    global.constraint: /etc/xdg/pip/constraints.txt",
      "site:",
      "  /usr/pip.conf, exists: False",
      "user:",
      "  /home/me/.config/pip/pip.conf, exists: True",
    ].join("\n");
    expect(placesOfPip(list, debug)).toEqual([
      "/etc/xdg/pip/pip.conf",
      "/home/me/.config/pip/pip.conf",
      "/certs/ca.crt",
      "/etc/xdg/pip/constraints.txt",
      "/packages/simple",
      "/wheels",
      "/more",
    ]);
  });

  it("is nothing where pip only has its defaults", () => {
    const debug =
      "env_var:\nenv:\nglobal:\n  /etc/pip.conf, exists: False\nuser:\n  /home/dev/.pip/pip.conf, exists: False";
    expect(placesOfPip("", debug)).toEqual([]);
  });
});
