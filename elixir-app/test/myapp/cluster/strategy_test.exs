defmodule Myapp.Cluster.StrategyTest do
  use ExUnit.Case

  import ExUnit.CaptureLog

  alias Cluster.Strategy.State
  alias Myapp.Cluster.Strategy
  alias Myapp.Test.{Nameserver, Network}

  setup context do
    {:ok, network} = Network.start_link(Map.get(context, :network, []))
    test = self()
    events = for event <- [:poll, :probe], do: [:myapp, :cluster, event]

    handler = fn [_, _, event], measurements, metadata, nil ->
      send(test, {event, measurements, metadata})
    end

    :ok = :telemetry.attach_many("strategy", events, handler, nil)
    on_exit(fn -> :telemetry.detach("strategy") end)
    %{network: network}
  end

  # Tasks are addresses of the loopback network that listen on one port, as they do on 4369. No process accepts the
  # connections; the kernel does.
  defp listen(addresses) do
    {:ok, first} = :gen_tcp.listen(0, ip: hd(addresses), backlog: 128)
    {:ok, port} = :inet.port(first)

    for address <- tl(addresses) do
      {:ok, _socket} = :gen_tcp.listen(port, ip: address, backlog: 128)
    end

    port
  end

  # With a full backlog the kernel drops what else comes, as a security group does.
  defp drop(address, port) do
    {:ok, _socket} = :gen_tcp.listen(port, ip: address, backlog: 0)
    Enum.each(1..4, fn _ -> :gen_tcp.connect(address, port, [], 20) end)
  end

  defp task(number), do: {127, 0, div(number, 250) + 1, rem(number, 250) + 1}
  defp name(address), do: :"app@#{:inet.ntoa(address)}"

  defp config(options) do
    defaults = [query: "app.local", node_basename: "app", polling_interval: 5, epmd: false]
    Keyword.merge(defaults, options)
  end

  defp start(network, options) do
    topology = [strategy: Strategy, config: config(options)] ++ Network.topology(network)
    start_supervised!({Cluster.Supervisor, [[app: topology], [name: Myapp.TestSupervisor]]})
    [{:app, pid, :worker, _modules}] = Supervisor.which_children(Myapp.TestSupervisor)
    pid
  end

  # The measurements of the next poll that begins from now on.
  defp poll do
    flush()
    assert_receive {:poll, _measurements, _metadata}
    assert_receive {:poll, measurements, _metadata}
    measurements
  end

  defp flush do
    receive do
      {event, _measurements, _metadata} when event in [:poll, :probe] -> flush()
    after
      0 -> :ok
    end
  end

  test "its start waits neither for DNS nor for a node", %{network: network} do
    test = self()

    lookup = fn _query ->
      send(test, {:lookup, self()})

      receive do
        :answer -> []
      end
    end

    pid = start(network, lookup: lookup)
    assert_receive {:lookup, ^pid}
    refute_received {:poll, _measurements, _metadata}
    send(pid, :answer)
    assert_receive {:poll, %{addresses: 0}, _metadata}
  end

  describe "new addresses" do
    test "are connected to when they accept the probe", %{network: network} do
      port = listen([task(1), task(2)])
      start(network, lookup: fn "app.local" -> [task(1), task(3), task(2)] end, port: port)

      assert_receive {:poll, %{addresses: 3, new: 3, reachable: 2, duration: duration},
                      %{topology: :app, query: "app.local"}}

      assert duration > 0
      assert Enum.sort(Network.list(network)) == [name(task(1)), name(task(2))]

      assert probes() == %{
               name(task(1)) => :ok,
               name(task(2)) => :ok,
               name(task(3)) => {:error, :econnrefused}
             }

      assert poll().new == 1
      refute_received {:connect, :"app@127.0.1.4"}
    end

    test "that drop the probe cost one timeout together", %{network: network} do
      port = listen([task(1)])
      dropping = Enum.map(2..9, &task/1)
      Enum.each(dropping, &drop(&1, port))
      start(network, lookup: fn _ -> dropping ++ [task(1)] end, port: port)

      assert_receive {:poll, %{new: 9, reachable: 1, duration: duration}, _metadata}
      assert Network.list(network) == [name(task(1))]
      durations = for _ <- 1..9, do: assert_receive({:probe, %{duration: _}, _}) |> elem(1)
      # One after another they would take as long as all together.
      assert duration < durations |> Enum.map(& &1.duration) |> Enum.sum()
    end

    test "may be IPv6", %{network: network} do
      loopback = {0, 0, 0, 0, 0, 0, 0, 1}
      port = listen([loopback])
      start(network, lookup: fn _ -> [loopback, {0, 0, 0, 0, 0, 0, 0, 2}] end, port: port)
      assert_receive {:done, :connect, :"app@::1"}
      assert poll().new == 1
    end

    test "are probed once when DNS lists them twice", %{network: network} do
      port = listen([task(1)])
      start(network, lookup: fn _ -> [task(1), task(1)] end, port: port)
      assert_receive {:poll, %{addresses: 1, new: 1}, _metadata}
      assert_received {:probe, _, _}
      refute_received {:probe, _, _}
    end

    test "aren't connected to when they connect during the probe", %{network: network} do
      port = listen([task(1)])

      join = fn _event, _measurements, %{node: node}, nil -> Network.join(network, node) end
      :ok = :telemetry.attach("join", [:myapp, :cluster, :probe], join, nil)
      on_exit(fn -> :telemetry.detach("join") end)

      start(network, lookup: fn _ -> [task(1)] end, port: port)
      assert_receive {:poll, %{reachable: 1}, _metadata}
      refute_received {:connect, _node}
    end
  end

  # An epmd that knows these names, and answers as one does: it closes the connection.
  defp epmd(address, names) do
    {:ok, socket} = :gen_tcp.listen(0, [:binary, ip: address, active: false, packet: 2])
    {:ok, port} = :inet.port(socket)
    spawn_link(fn -> answer(socket, names) end)
    port
  end

  defp answer(socket, names) do
    {:ok, connection} = :gen_tcp.accept(socket)

    with {:ok, <<122, name::binary>>} <- :gen_tcp.recv(connection, 0) do
      :ok = :inet.setopts(connection, packet: :raw)
      known = if name in names, do: <<0, 9000::16, 77, 0, 6::16, 5::16, 0>>, else: <<1>>
      :gen_tcp.send(connection, <<119, known::binary>>)
    end

    :gen_tcp.close(connection)
    answer(socket, names)
  end

  describe "epmd" do
    test "is asked for the node before a connection is attempted", %{network: network} do
      port = epmd(task(1), ["app-1", "app-2"])
      config = [lookup: fn _ -> [task(1)] end, port: port, epmd: true, node_basename: "app-2"]
      start(network, config)
      assert_receive {:done, :connect, :"app-2@127.0.1.2"}
    end

    test "that knows no such node means another version: no attempt, and one line in the log", %{
      network: network
    } do
      Logger.put_module_level(Strategy, :info)
      on_exit(fn -> Logger.delete_module_level(Strategy) end)
      port = epmd(task(1), ["app-1", "app-20"])
      config = [lookup: fn _ -> [task(1)] end, port: port, epmd: true, node_basename: "app-2"]

      log =
        capture_log(fn ->
          start(network, config)
          assert_receive {:poll, %{new: 1, reachable: 0}, _metadata}
          for _ <- 1..3, do: poll()
        end)

      assert %{:"app-2@127.0.1.2" => {:error, :no_such_node}} = probes()
      refute_received {:connect, _node}
      assert [_before, _after] = String.split(log, "epmd knows no app-2@127.0.1.2 there: ")
    end

    test "that accepts and says nothing costs one timeout", %{network: network} do
      port = listen([task(1)])
      config = [lookup: fn _ -> [task(1)] end, port: port, epmd: true, probe_timeout: 20]
      start(network, config)
      assert_receive {:probe, %{duration: duration}, %{result: {:error, :timeout}}}
      assert System.convert_time_unit(duration, :native, :millisecond) >= 20
      refute_received {:connect, _node}
    end

    test "that isn't one is an error", %{network: network} do
      {:ok, socket} = :gen_tcp.listen(0, ip: task(1), active: false)
      {:ok, port} = :inet.port(socket)

      spawn_link(fn ->
        {:ok, connection} = :gen_tcp.accept(socket)
        :gen_tcp.send(connection, "HTTP/1.1 400 Bad Request")
        Process.sleep(:infinity)
      end)

      start(network, lookup: fn _ -> [task(1)] end, port: port, epmd: true)
      assert_receive {:probe, _, %{result: {:error, :not_epmd}}}
    end
  end

  test "a node that epmd knows and that refuses the connection is tried at each poll", %{
    network: network
  } do
    port = epmd(task(1), ["app"])
    Network.answer(network, name(task(1)), false)

    capture_log(fn ->
      start(network, lookup: fn _ -> [task(1)] end, port: port, epmd: true, polling_interval: 1)
      assert polls_with_attempts(8) == Enum.to_list(1..8)
    end)
  end

  test "without epmd, a node that refuses the connection is tried after 1, 2, 4, 8, 16 and again 16 polls",
       %{
         network: network
       } do
    port = listen([task(1), task(2)])
    Network.answer(network, name(task(1)), false)

    capture_log(fn ->
      start(network, lookup: fn _ -> [task(1), task(2)] end, port: port, polling_interval: 1)
      assert polls_with_attempts(1 + 1 + 2 + 4 + 8 + 16 + 16) == [1, 2, 4, 8, 16, 32, 48]
    end)

    assert Network.list(network) == [name(task(2))]
  end

  # Which of so many polls, the first being 1, tried to connect to task 1.
  defp polls_with_attempts(count) do
    for number <- 1..count, attempted?(number), do: number
  end

  defp attempted?(number, attempted \\ false) do
    refused = name(task(1))

    receive do
      {:connect, ^refused} -> attempted?(number, true)
      {:poll, _measurements, _metadata} -> attempted
    after
      5_000 -> flunk("no poll number #{number}")
    end
  end

  defp probes(found \\ %{}) do
    receive do
      {:probe, %{duration: _}, %{topology: :app, node: node, result: result}} ->
        probes(Map.put(found, node, result))
    after
      0 -> found
    end
  end

  def hang(test, node) do
    send(test, {:hanging, node})
    Process.sleep(:infinity)
  end

  test "nodes that hang while they connect don't delay others", %{network: network} do
    port = listen([task(1), task(2)])
    lookup = fn _query -> [task(1), task(2)] end

    topology =
      [strategy: Strategy, config: config(lookup: lookup, port: port)]
      |> Keyword.merge(Network.topology(network))
      |> Keyword.merge(connect: {__MODULE__, :hang, [self()]})

    start_supervised!({Cluster.Supervisor, [[app: topology]]})
    assert_receive {:hanging, :"app@127.0.1.2"}
    assert_receive {:hanging, :"app@127.0.1.3"}
  end

  describe "connected nodes" do
    @tag network: [connected: [:"app@127.0.1.2", :"other@10.0.0.9"]]
    test "stay connected when the answer is empty", %{network: network} do
      start(network, lookup: fn _ -> [] end)
      for _ <- 1..3, do: poll()
      assert Enum.sort(Network.list(network)) == [:"app@127.0.1.2", :"other@10.0.0.9"]
      refute_received {:disconnect, _node}
    end

    @tag network: [connected: [:"app@127.0.1.2"]]
    test "are neither probed nor connected to again", %{network: network} do
      {:ok, socket} = :gen_tcp.listen(0, ip: task(1))
      {:ok, port} = :inet.port(socket)
      start(network, lookup: fn _ -> [task(1)] end, port: port)
      assert %{addresses: 1, new: 0} = poll()
      assert :gen_tcp.accept(socket, 0) == {:error, :timeout}
      refute_received {:connect, _node}
    end

    @tag network: [connected: [:"app2@127.0.1.2", :"rpc-1-app@127.0.1.2"]]
    test "of another basename are other nodes", %{network: network} do
      port = listen([task(1)])
      start(network, lookup: fn _ -> [task(1)] end, port: port)
      assert_receive {:done, :connect, :"app@127.0.1.2"}
    end
  end

  for size <- [1, 2, 8, 9, 12, 30, 100, 200] do
    test "#{size} tasks, any 8 of them and of ended ones in an answer, or none: all connect, none disconnects",
         %{network: network} do
      size = unquote(size)
      alive = Enum.map(1..size, &task/1)
      ended = Enum.map((size + 1)..(size + div(size, 4) + 1), &task/1)
      port = listen(alive)

      lookup = fn _query ->
        if :rand.uniform(5) == 1, do: [], else: Enum.take_random(alive ++ ended, 8)
      end

      start(network, lookup: lookup, port: port, polling_interval: 1)

      connected =
        for _task <- alive do
          assert_receive {:connect, node}
          node
        end

      assert Enum.sort(connected) == Enum.sort(Enum.map(alive, &name/1))
      poll()
      refute_received {:connect, _node}
      refute_received {:disconnect, _node}
    end
  end

  test "leaves no message, process or socket behind", %{network: network} do
    port = listen([task(1)])
    drop(task(2), port)
    lookup = fn _query -> [task(1), task(2), task(3)] end
    pid = start(network, lookup: lookup, port: port, probe_timeout: 20)
    poll()
    before = {length(Process.list()), sockets()}
    for _ <- 1..10, do: poll()
    :sys.suspend(pid)

    assert Process.info(pid, :messages) in [{:messages, []}, {:messages, [:poll]}]
    {processes, sockets} = before
    assert length(Process.list()) <= processes
    assert sockets() <= sockets
  end

  defp sockets, do: Enum.count(Port.list(), &(Port.info(&1, :name) == {:name, ~c"tcp_inet"}))

  test "a silent DNS server delays a poll by two seconds, and disconnects no node", context do
    {:ok, silent} = :gen_udp.open(0, [:binary, ip: {127, 0, 0, 1}, active: true])
    {:ok, port} = :inet.port(silent)
    Nameserver.ask(port)
    Network.join(context.network, :"app@10.0.0.1")
    start(context.network, [])

    # Both at once: otherwise the second query repeats the first one.
    types = for _ <- 1..2, do: assert_receive({:udp, ^silent, _, _, _}) |> elem(4) |> type()
    assert Enum.sort(types) == [:a, :aaaa]
    assert_receive {:poll, %{addresses: 0, duration: duration}, _metadata}
    assert System.convert_time_unit(duration, :native, :millisecond) >= 1_900
    assert Network.list(context.network) == [:"app@10.0.0.1"]
  end

  defp type(packet) do
    {:ok, query} = :inet_dns.decode(packet)
    [question] = :inet_dns.msg(query, :qdlist)
    :inet_dns.dns_query(question, :type)
  end

  test "looks up A and AAAA records unless :lookup says otherwise", %{network: network} do
    Nameserver.start(%{a: [task(1)], aaaa: [{0, 0, 0, 0, 0, 0, 0, 1}]})
    start(network, port: 1)
    assert_receive {:poll, %{addresses: 2, new: 2}, _metadata}
  end

  test "logs a node that doesn't answer once, not at every poll", %{network: network} do
    Logger.put_module_level(Strategy, :info)
    on_exit(fn -> Logger.delete_module_level(Strategy) end)

    log =
      capture_log(fn ->
        start(network, lookup: fn _query -> [task(1)] end, port: 1)
        for _ <- 1..3, do: poll()
      end)

    assert [_before, _after] = String.split(log, "no answer from app@127.0.1.2 on port 1: ")
  end

  test "warns when no node can find this one by its address", %{network: network} do
    log = capture_log(fn -> start(network, lookup: fn _query -> [] end) end)
    assert log =~ "this node is called nonode@nohost."
    assert log =~ "export RELEASE_NODE="
  end

  # A node of its own, controlled over its standard input, so that it needs no distribution here.
  defp start_peer(options) do
    paths = Enum.flat_map(:code.get_path(), &[~c"-pa", &1])
    options = Map.merge(%{connection: :standard_io, args: []}, options)
    {:ok, peer, _node} = :peer.start_link(%{options | args: options.args ++ paths})
    {:ok, _started} = :peer.call(peer, Application, :ensure_all_started, [:logger])
    :ok = :peer.call(peer, Logger, :configure, [[level: :none]])
    peer
  end

  defp config_in(peer, options) do
    list = {:erlang, :nodes, [:connected]}
    state = %State{topology: :app, list_nodes: list, config: config(options)}
    {:ok, pid} = :peer.call(peer, GenServer, :start, [Strategy, state])
    :peer.call(peer, :sys, :get_state, [pid])
  end

  defp default_config(options) do
    state = %State{topology: :app, config: [query: "localhost", node_basename: "app"]}
    {:ok, state, _continue} = :peer.call(start_peer(options), Strategy, :init, [state])
    state.config
  end

  describe "the port to probe" do
    test "is epmd's" do
      assert %{config: config} = config_in(start_peer(%{}), query: "localhost")
      assert config[:port] == 4369
    end

    test "is that of ERL_EPMD_PORT" do
      peer = start_peer(%{env: [{~c"ERL_EPMD_PORT", ~c"4370"}]})
      assert config_in(peer, query: "localhost").config[:port] == 4370
    end

    test "is where epmd answers, unless there is none" do
      assert Keyword.fetch!(default_config(%{}), :epmd)
      flags = ~w(-start_epmd false -erl_epmd_port 9000)

      refute Keyword.fetch!(
               default_config(%{args: Enum.map(flags, &String.to_charlist/1)}),
               :epmd
             )
    end

    test "is the one that all nodes share where there is no epmd, and a node doesn't probe itself" do
      {:ok, socket} = :gen_tcp.listen(0, ip: {127, 0, 0, 1})
      {:ok, port} = :inet.port(socket)
      :ok = :gen_tcp.close(socket)
      flags = ~w(-start_epmd false -erl_epmd_port #{port})
      args = Enum.map(flags, &String.to_charlist/1)
      peer = start_peer(%{name: :app, host: ~c"127.0.0.1", longnames: true, args: args})
      state = config_in(peer, lookup: &Network.this_machine/1)
      assert state.config[:port] == port

      # No process listens on port 1: a node that probed itself there would be among those that don't answer.
      assert config_in(peer, lookup: &Network.this_machine/1, port: 1).meta == %{}
    end
  end

  describe "options" do
    for {options, message} <- [
          {[poll_interval: 1], "unknown keys [:poll_interval]"},
          {[query: nil], "expected :query of Myapp.Cluster.Strategy to be a string, got: nil"},
          {[query: ""], "expected :query of Myapp.Cluster.Strategy to be a string, got: \"\""},
          {[node_basename: :app],
           "expected :node_basename of Myapp.Cluster.Strategy to be a string, got: :app"},
          {[polling_interval: 0],
           "expected :polling_interval of Myapp.Cluster.Strategy to be a positive integer, got: 0"},
          {[port: "4369"],
           "expected :port of Myapp.Cluster.Strategy to be a positive integer, got: \"4369\""},
          {[epmd: 4369],
           "expected :epmd of Myapp.Cluster.Strategy to be true or false, got: 4369"},
          {[lookup: :dns],
           "expected :lookup of Myapp.Cluster.Strategy to be a function of one argument, got: :dns"}
        ] do
      test "refuse #{inspect(options)}" do
        config = config(unquote(options))
        error = assert_raise(ArgumentError, fn -> Strategy.init(%State{config: config}) end)
        assert Exception.message(error) =~ unquote(message)
      end
    end
  end
end
