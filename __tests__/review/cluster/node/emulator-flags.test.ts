import { EmulatorFlags } from "../../../../src/review/cluster/node/emulator-flags";

const flags = (environment: Record<string, string>) => new EmulatorFlags(new Map(Object.entries(environment)));

describe("a parameter of the kernel", () => {
  it.each([
    [{}, undefined],
    [{ ERL_FLAGS: "-kernel net_ticktime 10" }, "10"],
    [{ ERL_FLAGS: "-kernel a 1 net_ticktime 10 b 2" }, "10"],
    [{ ERL_FLAGS: "-stdlib net_ticktime 10" }, undefined],
    [{ ERL_FLAGS: "-kernel a net_ticktime 10" }, undefined],
    // The last one counts, in the order of the command line.
    [{ ERL_FLAGS: "-kernel net_ticktime 10 -kernel net_ticktime 20" }, "20"],
    [{ ERL_ZFLAGS: "-kernel net_ticktime 4", ERL_FLAGS: "-kernel net_ticktime 3" }, "4"],
    [{ ERL_FLAGS: "-kernel net_ticktime 3", ELIXIR_ERL_OPTIONS: "-kernel net_ticktime 2" }, "3"],
    [{ ELIXIR_ERL_OPTIONS: "-kernel net_ticktime 2", ERL_AFLAGS: "-kernel net_ticktime 1" }, "2"],
    [{ ERL_AFLAGS: "-kernel net_ticktime 1", ERL_OTP25_FLAGS: "-kernel net_ticktime 0" }, "1"],
    [{ ERL_OTP25_FLAGS: "-kernel net_ticktime 0" }, "0"],
    [{ ERL_OTPX_FLAGS: "-kernel net_ticktime 0" }, undefined],
    [{ MY_ERL_OTP25_FLAGS: "-kernel net_ticktime 0", ERL_OTP25_FLAGS_: "-kernel net_ticktime 0" }, undefined],
  ])("%j: %s", (environment, expected) => {
    expect(flags(environment).kernel("net_ticktime")).toBe(expected);
  });

  it("comes late from ERL_FLAGS and ERL_ZFLAGS alone", () => {
    expect(flags({ ERL_AFLAGS: "-kernel a 1" }).kernel("a", true)).toBeUndefined();
    expect(flags({ ELIXIR_ERL_OPTIONS: "-kernel a 1" }).kernel("a", true)).toBeUndefined();
    expect(flags({ ERL_FLAGS: "-kernel a 1" }).kernel("a", true)).toBe("1");
    expect(flags({ ERL_ZFLAGS: "-kernel a 1" }).kernel("a", true)).toBe("1");
  });
});

describe("a flag", () => {
  it("has the values up to the next flag, quoted as in a shell", () => {
    const { all } = { all: (text: string) => flags({ ERL_FLAGS: text }).all("-setcookie") };
    expect(all("-setcookie a b +P 5 -setcookie c")).toEqual([
      ["-setcookie", "a", "b"],
      ["-setcookie", "c"],
    ]);
    expect(all(`before -setcookie "-a b" '-c d' ""`)).toEqual([["-setcookie", "-a b", "-c d", ""]]);
    expect(all('-setcookie "a \\" b"')).toEqual([["-setcookie", 'a \\" b']]);
    expect(all("-cookie a")).toEqual([]);
  });

  it("counts once where it is there once", () => {
    expect(flags({ ERL_FLAGS: "-proto_dist inet6_tcp" }).once("-proto_dist")).toBe("inet6_tcp");
    expect(flags({ ERL_FLAGS: "-proto_dist a -proto_dist b" }).once("-proto_dist")).toBeUndefined();
    expect(flags({}).once("-proto_dist")).toBeUndefined();
  });
});
