# How long until a newcomer and all others are connected, where DNS names eight of them: one line of JSON a newcomer.
# See nodes.exs for how to run it. Arguments: `random` (others for each query) or `cached` (the same eight for 10 s), `mesh`
# (Erlang connects each node to all) or `apart` (`connect_all false`: each has to find each by DNS), newcomers, sizes.
{:module, Member, member, _} =
  defmodule Member do
    @moduledoc "Runs in each node: the strategy of the sample application, a poll each second."

    def start(dns_port) do
      Logger.configure(level: :none)
      :inet_db.set_lookup([:dns])
      :inet_db.set_resolv_conf(~c"")
      :inet_db.res_option(:nameservers, [{{127, 0, 0, 1}, dns_port}])
      Application.ensure_all_started(:telemetry)
      spawn(fn -> start_strategy() && Process.sleep(:infinity) end)
      :ok
    end

    defp start_strategy do
      config = [query: "app.local", node_basename: "app", polling_interval: 1_000]
      topology = [strategy: Myapp.Cluster.Strategy, config: config]
      Cluster.Supervisor.start_link([[app: topology]])
    end
  end

Code.require_file("../dns.exs", __DIR__)
Code.require_file("../compiled.exs", __DIR__)
Code.require_file("nodes.exs", __DIR__)

defmodule Newcomer do
  def measure(size, count, {answers, links}, dns, member) do
    flags = if links == "apart", do: "-kernel connect_all false", else: ""
    Dns.mode(String.to_atom(answers))
    nodes = Nodes.each(Enum.to_list(1..(size - 1)), &start(&1, flags, member))
    # Those that run already have found each other long ago.
    Nodes.each(nodes, fn node ->
      for other <- nodes, do: Nodes.call(node.peer, :net_kernel, :connect_node, [other.node])
    end)

    Nodes.meshed(nodes)
    Dns.list(Enum.map(nodes, &address/1))
    for node <- nodes, do: Nodes.call(node.peer, Member, :start, [dns])

    for _ <- 1..count do
      newcomer = start(size, flags, member)
      # At any moment of the others' polls, and of what is cached.
      Process.sleep(Enum.random(1..10_000))
      started = Nodes.now()
      Dns.add(address(newcomer))
      Nodes.call(newcomer.peer, Member, :start, [dns])
      Nodes.meshed([newcomer | nodes])
      milliseconds = Nodes.now() - started

      Nodes.print(
        kind: "newcomer",
        answers: answers,
        links: links,
        nodes: size,
        milliseconds: milliseconds
      )

      Nodes.stop(newcomer)
      Dns.list(Enum.map(nodes, &address/1))
    end

    Nodes.each(nodes, &Nodes.stop/1)
  end

  defp start(number, flags, member) do
    node = Nodes.start(number, flags)
    {:ok, _started} = Nodes.call(node.peer, :application, :ensure_all_started, [:logger])
    {:module, Member} = Nodes.call(node.peer, :code, :load_binary, [Member, ~c"member", member])
    node
  end

  defp address(%{number: number}), do: {127, 0, 0, number}
end

ebin = Compiled.strategies()
[answers, links, count | sizes] = System.argv()
dns = Dns.start()

for size <- sizes,
    do:
      Newcomer.measure(
        String.to_integer(size),
        String.to_integer(count),
        {answers, links},
        dns,
        member
      )

File.rm_rf!(ebin)
