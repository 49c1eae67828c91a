defmodule Myapp.Cluster.Strategy do
  @moduledoc """
  A libcluster strategy that connects to the tasks that DNS lists, and never disconnects one.

  Each poll looks up the addresses of a service, probes those that aren't connected yet, and connects to
  `node_basename@address` for each address where there is a node of that name. A member leaves the cluster when its connection breaks, or after
  `net_ticktime` seconds of silence. The VM detects both.

  ## Usage

      config :libcluster,
        topologies: [
          ecs: [
            strategy: Myapp.Cluster.Strategy,
            config: [query: "myapp.organization.local", node_basename: "myapp"]
          ]
        ]

  See `start_link/1` for all options. To cluster with a service that has another basename, add a topology for it.
  This module needs libcluster 3.4 or later and nothing else: copy the file and rename the module.

  ## Compared with `Cluster.Strategy.DNSPoll`

    * `DNSPoll` disconnects every node that the newest DNS answer leaves out. Cloud Map puts at most 8 tasks into an
      answer, a different choice each time, so a cluster of 9 and more never settles. And an empty answer, such as that of
      a DNS server that restarts, drops every connection. This strategy only adds nodes.
      See <https://docs.aws.amazon.com/cloud-map/latest/api/API_DnsConfig.html> (`RoutingPolicy`) and
      <https://github.com/bitwalker/libcluster/issues/190>.
    * `DNSPoll` connects to one node after another, and each address whose task has ended costs 7 seconds
      (`net_setuptime`). A DNS record outlives its task by up to half a minute. This strategy handles all new addresses at
      once. First it opens a TCP connection to the port where nodes connect, and gives up after `:probe_timeout`. Over
      that connection it asks epmd whether it knows a node of that name.
    * `DNSPoll` polls while it starts, so the application's start waits for DNS and for each node. This strategy polls
      right after its start.

  ## Two versions side by side

  The basename may contain the application's version, so that a rolling deployment connects no old node to a new one. DNS
  then lists addresses where no node has the name that this one looks for. With epmd, the probe finds that out, and no
  connection is attempted. Without epmd, the connection fails within a millisecond, and libcluster logs a warning. The next
  attempts follow after 1, 2, 4, 8 and then every 16 polls.

  ## Measured

  `nodedown` events in 30 seconds after the start of the last node, and the share of that time in which every node saw every
  other. With libcluster 3.5.0 and dns_cluster 0.2.0 on OTP 25, a poll each second, 8 addresses in a DNS answer:

  | strategy, DNS answers | 8 nodes | 9 nodes | 12 nodes | 30 nodes |
  |---|---|---|---|---|
  | `DNSPoll`, random | 0, 100 % | 2376, 13 % | 4926, 11 % | 22678, 0 % |
  | `DNSPoll`, cached for 10 s | 0, 99 % | 176, 88 % | 258, 88 % | 2008, 80 % |
  | `DNSCluster`, either | 0, 99–100 % | 0, 99 % | 0, 99 % | 0, 98 % |
  | this one, either | 0, 99–100 % | 0, 100 % | 0, 99–100 % | 0, 98–99 % |

  The rest of the time is that before the first full mesh. Three more measurements:

    * 7 nodes run, DNS also lists 3 addresses of ended tasks, and a node joins. It sees all others after 14.1 s with
      `DNSPoll`, 0.8 s with `DNSCluster`, and 0.6 s with this strategy.
    * DNS is silent for 15 s: 8 nodes lose all of their 56 connections with `DNSPoll`, none with the others.
    * A deployment of another version replaces 3 nodes in 30 s, and DNS lists both. No old node connects to a new one. Failed
      attempts to connect, each with a warning: 32 with `DNSPoll`, 0 with this strategy and epmd, 20 without epmd.

  ## Telemetry

  Durations are in native time units.

  | event | measurements | metadata |
  |---|---|---|
  | `[:myapp, :cluster, :poll]` | `duration`; `addresses` in the answer; `new`, `reachable`: how many of them | `topology`, `query` |
  | `[:myapp, :cluster, :probe]` | `duration` | `topology`, `node`, `result`: `:ok`, `{:error, :no_such_node}` from epmd, or `{:error, reason}` |
  | `[:libcluster, :connect_node, :ok]` | `duration` | `topology`, `node` |
  | `[:libcluster, :connect_node, :error]` | | `topology`, `node`, `reason` |
  """

  use GenServer
  use Cluster.Strategy

  alias Cluster.Strategy.State

  require Logger

  @epmd_port 4369
  @lookup_timeout 2_000

  # Polls between two attempts to connect to a node that accepts the probe and refuses the connection, at most; without epmd.
  @max_pause 16

  @doc """
  Starts the strategy, as `Cluster.Supervisor` does.

  ## Options

    * `:query` - the DNS name of the service, for example `"myapp.organization.local"`. Required.
    * `:node_basename` - what its nodes have before the `@`, for example `"myapp"`. Required.
    * `:polling_interval` - milliseconds between two polls. Defaults to `5000`.
    * `:port` - the TCP port to probe. Defaults to the port where this node itself begins to connect: that of the flag
      `-erl_epmd_port`, for nodes without epmd, or else epmd's, #{@epmd_port} unless `ERL_EPMD_PORT` is set.
    * `:epmd` - whether epmd listens on that port, and can be asked for the node. Defaults to whether this node uses epmd.
    * `:probe_timeout` - milliseconds that an address has to accept the probe, and epmd to answer. Defaults to `500`.
    * `:lookup` - a function from `:query` to IP addresses. Defaults to the A and AAAA records.

  An unknown option is an error, such as `:poll_interval`, which `DNSPoll` ignores.
  """
  @impl Cluster.Strategy
  def start_link([%State{} = state]), do: GenServer.start_link(__MODULE__, state)

  @impl GenServer
  def init(%State{config: config} = state) do
    config =
      Keyword.validate!(config, [
        :query,
        :node_basename,
        polling_interval: 5_000,
        port: entry_port(),
        epmd: flag(:erl_epmd_port) == nil,
        probe_timeout: 500,
        lookup: &lookup/1
      ])

    for option <- [:query, :node_basename],
        do: validate!(config, option, "a string", &(is_binary(&1) and &1 != ""))

    for option <- [:polling_interval, :port, :probe_timeout],
        do: validate!(config, option, "a positive integer", &(is_integer(&1) and &1 > 0))

    validate!(config, :epmd, "true or false", &is_boolean/1)
    validate!(config, :lookup, "a function of one argument", &is_function(&1, 1))
    warn_unless_named_after_address()
    {:ok, %{state | config: config, meta: %{}}, {:continue, :poll}}
  end

  @impl GenServer
  def handle_continue(:poll, state), do: {:noreply, poll(state)}

  @impl GenServer
  def handle_info(:poll, state), do: {:noreply, poll(state)}
  def handle_info(_message, state), do: {:noreply, state}

  # `meta` has the nodes that failed last time: how many polls each waits in all, and how many are left of them.
  defp poll(%State{topology: topology, config: config, meta: failed} = state) do
    started = System.monotonic_time()
    addresses = Enum.uniq(config[:lookup].(config[:query]))
    new = new_nodes(addresses, state)

    waiting =
      for {node, {pause, left}} when left > 1 <- failed, into: %{}, do: {node, {pause, left - 1}}

    results = new |> Map.drop(Map.keys(waiting)) |> in_parallel(&join(&1, state))

    for {node, {:error, reason}} <- results, reason != :refused, not is_map_key(failed, node) do
      Logger.info("[libcluster:#{topology}] #{message(node, reason, config)}")
    end

    execute(:poll, started, %{topology: topology, query: config[:query]}, %{
      addresses: length(addresses),
      new: map_size(new),
      reachable: Enum.count(results, &match?({_node, :ok}, &1))
    })

    Process.send_after(self(), :poll, config[:polling_interval])

    again =
      for {node, {:error, reason}} <- results,
          into: waiting,
          do: {node, pause(failed[node], reason, config[:epmd])}

    %{state | meta: again}
  end

  # A task that starts answers soon, so each poll probes it. Without epmd, a node that accepts the probe and refuses the
  # connection has another name, and libcluster logs each attempt. Where epmd knows the node, it refuses
  # only while it fails to connect itself, which takes 7 seconds if a security group drops its packets.
  defp pause({before, _left}, :refused, false),
    do: min(2 * before, @max_pause) |> then(&{&1, &1})

  defp pause(_before, _reason, _epmd), do: {1, 1}

  defp message(node, :no_such_node, _config),
    do: "epmd knows no #{node} there: the task starts, or it runs another version or service"

  defp message(node, _reason, config),
    do:
      "no answer from #{node} on port #{config[:port]}: " <>
        "its task starts or has ended, or a security group blocks the port"

  # Addresses by the names of their nodes, without this node and those that are connected.
  defp new_nodes(addresses, %State{config: config, list_nodes: {module, function, arguments}}) do
    addresses
    |> Map.new(&{:"#{config[:node_basename]}@#{:inet.ntoa(&1)}", &1})
    |> Map.drop([node() | apply(module, function, arguments)])
  end

  # Each node in a process of its own: one that accepts the probe and then hangs doesn't delay the others.
  defp join({node, address}, %State{topology: topology, config: config} = state) do
    started = System.monotonic_time()
    result = probe(address, config)
    execute(:probe, started, %{topology: topology, node: node, result: result})

    with :ok <- result,
         # Logs whether the node connects, and does nothing when it has connected meanwhile.
         {:error, _bad} <-
           Cluster.Strategy.connect_nodes(topology, state.connect, state.list_nodes, [node]) do
      {node, {:error, :refused}}
    else
      result -> {node, result}
    end
  end

  defp probe(address, config) do
    family = if tuple_size(address) == 4, do: :inet, else: :inet6
    options = [:binary, family, active: false]

    with {:ok, socket} <-
           :gen_tcp.connect(address, config[:port], options, config[:probe_timeout]) do
      result = if config[:epmd], do: ask_epmd(socket, config), else: :ok
      :gen_tcp.close(socket)
      result
    end
  end

  # PORT_PLEASE2_REQ, of which only the result matters here: 0 when epmd knows the name.
  # https://www.erlang.org/doc/apps/erts/erl_dist_protocol.html#epmd-protocol
  defp ask_epmd(socket, config) do
    basename = config[:node_basename]

    with :ok <- :gen_tcp.send(socket, <<byte_size(basename) + 1::16, ?z, basename::binary>>),
         {:ok, <<?w, known>>} <- :gen_tcp.recv(socket, 2, config[:probe_timeout]) do
      if known == 0, do: :ok, else: {:error, :no_such_node}
    else
      {:ok, _other} -> {:error, :not_epmd}
      error -> error
    end
  end

  defp lookup(query) do
    name = String.to_charlist(query)

    [:a, :aaaa]
    |> in_parallel(&:inet_res.lookup(name, :in, &1, [], @lookup_timeout))
    |> Enum.concat()
  end

  # Each call limits its own time.
  defp in_parallel(elements, fun) do
    elements
    |> Task.async_stream(fun, max_concurrency: max(1, Enum.count(elements)), timeout: :infinity)
    |> Enum.map(fn {:ok, result} -> result end)
  end

  defp entry_port, do: flag(:erl_epmd_port) || flag(:epmd_port) || @epmd_port

  # The number that a flag of the VM has; `nil` without the flag.
  defp flag(name) do
    with {:ok, [[value] | _]} <- :init.get_argument(name),
         {number, ""} <- Integer.parse(List.to_string(value)) do
      number
    else
      _not_set -> nil
    end
  end

  defp validate!(config, option, expected, valid?) do
    if not valid?.(config[option]) do
      raise ArgumentError,
            "expected #{inspect(option)} of #{inspect(__MODULE__)} to be #{expected}, got: #{inspect(config[option])}"
    end
  end

  defp warn_unless_named_after_address do
    [_basename, host] = node() |> Atom.to_string() |> String.split("@", parts: 2)

    if match?({:error, _reason}, :inet.parse_strict_address(String.to_charlist(host))) do
      Logger.warning("""
      this node is called #{node()}. Nodes that find it by DNS connect to the name that ends in its IP address, and fail. \
      Ensure that rel/env.sh.eex has these exports:

          export RELEASE_DISTRIBUTION=name
          export RELEASE_NODE="<name>@<IP address of the task>"
      """)
    end
  end

  defp execute(event, started, metadata, measurements \\ %{}) do
    measurements = Map.put(measurements, :duration, System.monotonic_time() - started)
    :telemetry.execute([:myapp, :cluster, event], measurements, metadata)
  end
end
