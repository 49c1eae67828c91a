# How clusters stay together with each way of discovery: real nodes on addresses of the loopback network, one port each, and
# a DNS server that lists at most 8 of them, as Cloud Map does.
#
#     LIBCLUSTER_PATH=… TELEMETRY_PATH=… DNS_CLUSTER_PATH=… elixir bench/discovery.exs [steady|dead|silent …]
#
# The paths are those of the sources, from hex.pm or GitHub. Without them it measures with the stand-ins.
{:module, Member, binary, _} =
  defmodule Member do
    @moduledoc "What runs in each node: the discovery, and a record of nodes that come and go."

    def start(discovery, dns_port) do
      Logger.configure(level: :none)
      :inet_db.set_lookup([:dns])
      :inet_db.set_resolv_conf(~c"")
      :inet_db.res_option(:nameservers, [{{127, 0, 0, 1}, dns_port}])
      Application.ensure_all_started(:telemetry)
      caller = self()

      spawn(fn ->
        Process.register(self(), __MODULE__)
        :net_kernel.monitor_nodes(true)
        send(caller, :recording)
        record(for(node <- Node.list(), do: {now(), :nodeup, node}) ++ [{now(), :start, nil}])
      end)

      receive do: (:recording -> :ok)
      spawn(fn -> start_discovery(discovery) && Process.sleep(:infinity) end)
      :ok
    end

    def events do
      send(__MODULE__, {:events, self()})
      receive do: ({:events, events} -> Enum.reverse(events))
    end

    defp record(events) do
      receive do
        {:events, from} -> send(from, {:events, events}) && record(events)
        {change, node} -> record([{now(), change, node} | events])
      end
    end

    defp now, do: System.os_time(:millisecond)

    defp start_discovery(:dns_cluster),
      do: DNSCluster.start_link(query: "app.local", interval: 1_000)

    defp start_discovery(strategy) do
      config = [query: "app.local", node_basename: "app", polling_interval: 1_000]
      Cluster.Supervisor.start_link([[app: [strategy: strategy, config: config]]])
    end
  end

Code.require_file("dns.exs", __DIR__)
Code.require_file("compiled.exs", __DIR__)

defmodule Bench do
  @seconds 40

  def run(scenarios, context) do
    for scenario <- scenarios, do: apply(__MODULE__, scenario, [context])
  end

  @doc "Nodes that only run: how often they lose each other, and how long all see all."
  def steady(context) do
    for mode <- [:random, :cached],
        size <- [8, 9, 12, 30],
        {name, discovery} <- context.discoveries do
      Dns.mode(mode)
      peers = cluster(size, discovery, context)
      Process.sleep(@seconds * 1_000)
      {downs, share} = result(peers)

      IO.puts(
        "steady #{mode} #{size} #{name}: #{downs} nodedown, full mesh #{Float.round(share * 100, 1)} %"
      )

      stop(peers)
    end
  end

  @doc "DNS still lists 3 addresses that drop packets while a node joins 12 others: when does it see all?"
  def dead(context) do
    for {name, discovery} <- context.discoveries do
      Dns.mode(:cached)
      drops = for number <- 240..242, do: drop({127, 0, 0, number}, context.port)
      peers = cluster(7, discovery, context)
      meshed(peers)
      Dns.list(drops ++ [address(8)] ++ for(number <- 1..4, do: address(number)))
      Process.sleep(8_000)
      started = System.monotonic_time(:millisecond)
      [new] = start_peers([8], discovery, context)
      meshed([new | peers])
      late = System.monotonic_time(:millisecond) - started
      IO.puts("dead #{name}: the new node sees all after #{late} ms")
      stop([new | peers])
    end
  end

  @doc "DNS gives no answer for 15 s to 8 nodes that see each other."
  def silent(context) do
    for {name, discovery} <- context.discoveries do
      Dns.mode(:random)
      peers = cluster(8, discovery, context)
      meshed(peers)
      Dns.mode(:silent)
      Process.sleep(15_000)
      {downs, _share} = result(peers)
      IO.puts("silent #{name}: #{downs} nodedown")
      stop(peers)
    end
  end

  defp cluster(size, discovery, context) do
    Dns.list(for number <- 1..size, do: address(number))
    start_peers(1..size, discovery, context)
  end

  defp start_peers(numbers, discovery, %{port: port, dns: dns, binary: binary}) do
    peers =
      for number <- numbers do
        flags =
          "-start_epmd false -erl_epmd_port #{port} -setcookie bench +S 1:1 +sbwt none -kernel net_ticktime 15 " <>
            "inet_dist_listen_min #{port} inet_dist_listen_max #{port} " <>
            "inet_dist_use_interface {127,0,0,#{number}}"

        {:ok, peer, _node} =
          :peer.start(%{
            name: :app,
            host: String.to_charlist("127.0.0.#{number}"),
            longnames: true,
            connection: :standard_io,
            args:
              Enum.map(String.split(flags), &String.to_charlist/1) ++
                Enum.flat_map(:code.get_path(), &[~c"-pa", &1])
          })

        {:ok, _started} = :peer.call(peer, :application, :ensure_all_started, [:logger])
        {:module, Member} = :peer.call(peer, :code, :load_binary, [Member, ~c"member", binary])
        peer
      end

    for peer <- peers, do: :ok = :peer.call(peer, Member, :start, [discovery, dns])
    peers
  end

  defp meshed(peers) do
    if Enum.all?(peers, &(length(:peer.call(&1, :erlang, :nodes, [])) == length(peers) - 1)),
      do: :ok,
      else: Process.sleep(20) && meshed(peers)
  end

  # From the start of the last node on: `nodedown` events, and the share of the time in which each sees all others.
  defp result(peers) do
    all = Enum.map(peers, &:peer.call(&1, Member, :events, []))
    from = all |> Enum.map(fn [{at, :start, nil} | _] -> at end) |> Enum.max()
    until = System.os_time(:millisecond)
    changes = all |> Enum.concat() |> Enum.reject(&match?({_, :start, _}, &1)) |> Enum.sort()
    full = length(peers) * (length(peers) - 1)

    {_links, meshed, last, at} =
      Enum.reduce(changes ++ [{until, :end, nil}], {0, 0, false, from}, fn {now, change, _},
                                                                           {links, sum, was, then} ->
        links = links + %{nodeup: 1, nodedown: -1, end: 0}[change]
        {links, if(was, do: sum + max(0, now - max(then, from)), else: sum), links == full, now}
      end)

    _ = {last, at}
    {Enum.count(changes, &match?({_, :nodedown, _}, &1)), meshed / (until - from)}
  end

  # With a full backlog the kernel drops what else comes, as happens to packets for a task that has ended.
  defp drop(address, port) do
    case :gen_tcp.listen(port, ip: address, backlog: 0) do
      {:ok, _socket} -> for _ <- 1..4, do: :gen_tcp.connect(address, port, [], 20)
      {:error, :eaddrinuse} -> :ok
    end

    address
  end

  defp address(number), do: {127, 0, 0, number}
  defp stop(peers), do: Enum.each(peers, &:peer.stop/1)
end

ebin = Compiled.strategies()

{:ok, socket} = :gen_tcp.listen(0, ip: {127, 0, 0, 1})
{:ok, port} = :inet.port(socket)
:ok = :gen_tcp.close(socket)

discoveries = [
  stock: Cluster.Strategy.DNSPoll,
  strategy: Myapp.Cluster.Strategy,
  dns_cluster: :dns_cluster
]

scenarios =
  case System.argv() do
    [] -> [:steady, :dead, :silent]
    names -> Enum.map(names, &String.to_existing_atom/1)
  end

Bench.run(scenarios, %{port: port, dns: Dns.start(), binary: binary, discoveries: discoveries})
File.rm_rf!(ebin)
