/** A flag of the Erlang VM in a variable that changes how nodes connect. */
export interface OverridingFlag {
  /** The flag without its value, such as `-kernel net_ticktime`. */
  readonly flag: string;
  /** Its effect on the cluster, and what to use instead. */
  readonly because: string;
}

/**
 * Whether a variable contains flags of the Erlang VM. `ERL_OTP<release>_FLAGS` and `ERL_AFLAGS` come before the command line,
 * which `env.sh` extends; `ERL_FLAGS` and `ERL_ZFLAGS` come after it.
 * Source: https://www.erlang.org/doc/apps/erts/erl_cmd.html#environment-variables (ERL_OTP<release>_FLAGS: erlexec.c)
 */
export const holdsErlangFlags = (variable: string): boolean =>
  /^(ERL_([AZ]|OTP\d+_)?FLAGS|ELIXIR_ERL_OPTIONS)$/.test(variable);

/** Flags of the emulator and of init, by name. */
const flags: readonly [RegExp, string][] = [
  [
    /^-setcookie$/,
    "the release already sets the cookie. With two the VM takes neither, and each node gets a random one. The cookie comes from releaseCookie",
  ],
  [/^-(name|sname)$/, "the node's name comes from releaseName and the task's address"],
  [/^-hidden$/, "a hidden node isn't in the cluster"],
  [/^-no_epmd$/, "nodes can't find a peer's port without epmd; distribution.singlePort works without it"],
  [/^-(start_epmd|erl_epmd_port|epmd_module|dist_listen)$/, "the option distribution sets it"],
];

/** Parameters of the application kernel, which `-kernel` sets. */
const kernel: readonly [RegExp, string][] = [
  [/^net_ticktime$/, "it overrides NET_TICKTIME; the option netTicktimeSeconds sets it"],
  [/^inet_dist_use_interface$/, "a node must listen on the task's address, where peers connect to it"],
  [/^inet_dist_listen_(min|max)$/, "security groups open the ports of the option distribution, not these"],
];

/** Flags that choose how the distribution is carried. env.sh sets them with distribution over TLS. */
export const carrierFlags = (value: string): string[] =>
  value
    .trim()
    .split(/\s+/)
    .filter((word) => /^-(proto_dist|ssl_dist_\w+)$/.test(word));

/** Every flag in a variable's value that overrides the layout's settings, in order. */
export function overridingFlags(value: string): OverridingFlag[] {
  const words = value.trim().split(/\s+/);
  return words.flatMap((word, index): OverridingFlag[] => {
    if (word === "-proto_dist") return protocol(words[index + 1]);
    const because = reason(flags, word);
    if (because !== undefined) return [{ flag: word, because }];
    return word === "-kernel" ? kernelParameters(words.slice(index + 1)) : [];
  });
}

/** This layout has only A records in Cloud Map. Source: https://www.erlang.org/doc/apps/kernel/kernel_app.html#proto_dist */
function protocol(name: string | undefined): OverridingFlag[] {
  if (name === undefined || !/^inet6_/.test(name)) return [];
  const because = "nodes would connect over IPv6, but DNS has only IPv4 addresses (A records)";
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
