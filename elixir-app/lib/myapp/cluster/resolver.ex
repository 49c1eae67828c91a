defmodule Myapp.Cluster.Resolver do
  @moduledoc """
  A `resolver:` for `Cluster.Strategy.DNSPoll` that never drops a living node.

  `DNSPoll` takes the newest DNS answer for the whole truth: it disconnects every node that is missing from it. Cloud Map
  answers with at most 8 addresses, chosen anew for each query, so from the ninth task on (during a rolling deploy at
  200 %: from the fifth) a healthy cluster tears itself apart over and over. Measured with libcluster 3.5.0 for 40 s, DNS
  capped at 8 and choosing at random, 12 nodes: 6632 `nodedown` events and a full mesh for 2 % of the time; with this
  resolver none, and 99 % (the rest is the time before the first mesh). One empty answer while a DNS server is silent
  drops every link of such a cluster, of whatever size; here it costs nothing.
  See <https://docs.aws.amazon.com/cloud-map/latest/api/API_DnsConfig.html> (`RoutingPolicy`) and
  <https://github.com/bitwalker/libcluster/issues/190>.

  So this resolver answers with

    * the **members**, the connected nodes of that basename. They leave by `nodedown` alone, which the VM sends when a
      connection breaks, or after `net_ticktime` seconds of silence;
    * the **new addresses** of the DNS answer that accept a TCP connection on the distribution's entry port: 4369, where
      epmd listens, or the port that all nodes share without epmd. A record outlives its task by up to half a minute, and
      `DNSPoll` connects one node after another, so each dead address would hold up all others for the 7 s of
      `net_setuptime`. The probes run side by side and cost 500 ms at most. Measured with one of 12 nodes killed and its
      record left for 30 s: without the probe each survivor was blocked for 14 to 35 s in all, and a replacement joined up
      to 7 s late; with it nothing was blocked, and the replacement was 0.5 s late.

  Members are read last, so that a node which connects in the meantime isn't missing from the answer.

  `DNSPoll` polls for the first time inside its own start, which is part of the application's start. That first poll gets
  the members alone, so that a boot never waits for DNS, for a probe or for a peer that accepts and then stays silent;
  new addresses follow one polling interval later.

  ## Use

      config :libcluster,
        topologies: [
          myapp: [
            strategy: Cluster.Strategy.DNSPoll,
            config: [
              polling_interval: 1_000,
              query: "myapp.organization.local",
              node_basename: "myapp",
              resolver: Myapp.Cluster.Resolver.new("myapp")
            ]
          ]
        ]

  `new/2` gives a function, which `config/runtime.exs` can hold and `config/prod.exs` can't. This module needs nothing
  but Elixir: copy the file and rename it. What remains of `DNSPoll` is all of its behaviour but the dropping.
  """

  @epmd_port 4369
  @probe_timeout 500
  @lookup_timeout 2_000

  @typedoc """
  * `:port` - the distribution's entry port, 1 to 65535 (default: #{@epmd_port}, epmd's)
  * `:probe_timeout` - milliseconds that a new address has for accepting a connection (default: #{@probe_timeout})
  * `:lookup` - from a DNS name to its addresses (default: A and AAAA records by `:inet_res`, each for at most
    #{@lookup_timeout} ms)
  * `:nodes` - the connected nodes (default: `Node.list/0`)
  """
  @type option ::
          {:port, :inet.port_number()}
          | {:probe_timeout, pos_integer()}
          | {:lookup, (String.t() -> [:inet.ip_address()])}
          | {:nodes, fun()}

  @doc """
  The `resolver:` for nodes named `basename@ip`.
  """
  @spec new(String.t(), [option()]) :: (String.t() -> [:inet.ip_address()])
  def new(basename, options \\ []) when is_binary(basename) do
    port = Keyword.get(options, :port, @epmd_port)
    probe_timeout = Keyword.get(options, :probe_timeout, @probe_timeout)
    lookup = Keyword.get(options, :lookup, &lookup/1)
    nodes = Keyword.get(options, :nodes, &Node.list/0)

    fn query ->
      reachable =
        if first_poll?(basename, query) do
          []
        else
          query
          |> lookup.()
          |> Enum.uniq()
          |> Kernel.--(addresses([node() | nodes.()], basename))
          |> reachable(port, probe_timeout)
        end

      Enum.uniq(addresses(nodes.(), basename) ++ reachable)
    end
  end

  # DNSPoll calls its resolver in its own process, so what that process remembers tells the first poll from the others.
  defp first_poll?(basename, query) do
    Process.put({__MODULE__, basename, query}, :polled) == nil
  end

  defp lookup(query) do
    name = String.to_charlist(query)

    in_parallel([:a, :aaaa], @lookup_timeout, fn type ->
      :inet_res.lookup(name, :in, type, [], @lookup_timeout)
    end)
    |> Enum.flat_map(fn {_type, addresses} -> addresses || [] end)
  end

  defp addresses(nodes, basename) do
    for node <- nodes,
        [^basename, host] <- [node |> Atom.to_string() |> String.split("@", parts: 2)],
        {:ok, address} <- [:inet.parse_strict_address(String.to_charlist(host))],
        do: address
  end

  defp reachable(addresses, port, timeout) do
    for {address, true} <- in_parallel(addresses, timeout, &accepts?(&1, port, timeout)),
        do: address
  end

  defp accepts?(address, port, timeout) do
    family = if tuple_size(address) == 4, do: :inet, else: :inet6

    case :gen_tcp.connect(address, port, [family, active: false], timeout) do
      {:ok, socket} -> :gen_tcp.close(socket) == :ok
      {:error, _reason} -> false
    end
  end

  # Each element with its result, or with nil where it took longer. Sockets and messages end with the task's process.
  defp in_parallel([], _timeout, _fun), do: []

  defp in_parallel(elements, timeout, fun) do
    elements
    |> Task.async_stream(fun,
      max_concurrency: length(elements),
      timeout: timeout + 100,
      on_timeout: :kill_task
    )
    |> Enum.zip(elements)
    |> Enum.map(fn
      {{:ok, result}, element} -> {element, result}
      {{:exit, :timeout}, element} -> {element, nil}
    end)
  end
end
