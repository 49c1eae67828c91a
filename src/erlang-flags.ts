/** A flag of the Erlang VM in a variable that changes how nodes connect. */
export interface OverridingFlag {
  /** The flag without its value, such as `-kernel net_ticktime`. */
  readonly flag: string;
  /** What it does to the cluster, and what to use instead. */
  readonly because: string;
}

/**
 * Whether a variable holds flags of the Erlang VM. Those of `ERL_OTP<release>_FLAGS` and `ERL_AFLAGS` come before the
 * command line, to which `env.sh` adds, those of `ERL_FLAGS` and `ERL_ZFLAGS` after it.
 * Source: https://www.erlang.org/doc/apps/erts/erl_cmd.html#environment-variables (ERL_OTP<release>_FLAGS: erlexec.c)
 */
export const holdsErlangFlags = (variable: string): boolean =>
  /^(ERL_([AZ]|OTP\d+_)?FLAGS|ELIXIR_ERL_OPTIONS)$/.test(variable);

/** Flags of the emulator and of init, by name. */
const flags: readonly [RegExp, string][] = [
  [
    /^-setcookie$/,
    "the release gives the cookie already, of two the VM takes neither, and each node makes a random one; the cookie comes from releaseCookie",
  ],
  [/^-(name|sname)$/, "the node's name comes from releaseName and the task's address"],
  [/^-hidden$/, "a hidden node is in no cluster"],
  [/^-no_epmd$/, "nodes find no port of a peer without epmd; distribution.singlePort runs without it"],
  [/^-(start_epmd|erl_epmd_port|epmd_module|dist_listen)$/, "the option distribution sets it"],
];

/** Parameters of the application kernel, which `-kernel` sets. */
const kernel: readonly [RegExp, string][] = [
  [/^net_ticktime$/, "it wins over NET_TICKTIME; the option netTicktimeSeconds sets it"],
  [/^inet_dist_use_interface$/, "a node has to listen on the task's address, where peers connect to it"],
  [/^inet_dist_listen_(min|max)$/, "security groups open the ports of the option distribution, not these"],
];

/** Every flag in a variable's value that overrides what the layout sets, in the order in which they stand there. */
export function overridingFlags(value: string): OverridingFlag[] {
  const words = value.trim().split(/\s+/);
  return words.flatMap((word, index): OverridingFlag[] => {
    if (word === "-proto_dist") return protocol(words[index + 1]);
    const because = reason(flags, word);
    if (because !== undefined) return [{ flag: word, because }];
    return word === "-kernel" ? kernelParameters(words.slice(index + 1)) : [];
  });
}

/** Cloud Map has A records alone here. Source: https://www.erlang.org/doc/apps/kernel/kernel_app.html#proto_dist */
function protocol(name: string | undefined): OverridingFlag[] {
  if (name === undefined || !/^inet6_/.test(name)) return [];
  const because = "nodes would connect over IPv6, and DNS has IPv4 addresses (A records) alone";
  return [{ flag: `-proto_dist ${name}`, because }];
}

/** `-kernel` takes any number of parameters, each with its value. */
function kernelParameters(words: readonly string[]): OverridingFlag[] {
  const end = words.findIndex((word) => /^[-+]/.test(word));
  const own = end < 0 ? words : words.slice(0, end);
  return own.flatMap((word): OverridingFlag[] => {
    const because = reason(kernel, word);
    return because === undefined ? [] : [{ flag: `-kernel ${word}`, because }];
  });
}

const reason = (rules: readonly [RegExp, string][], word: string): string | undefined =>
  rules.find(([pattern]) => pattern.test(word))?.[1];
