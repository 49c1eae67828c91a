defmodule Contract.DNSPollTest do
  use ExUnit.Case

  alias Cluster.Strategy.DNSPoll
  alias Myapp.Test.Network

  @one :"app@10.0.0.1"
  @two :"app@10.0.0.2"
  @three :"app@10.0.0.3"

  setup context do
    {:ok, network} = Network.start_link(Map.get(context, :network, []))
    %{network: network}
  end

  # A resolver that sends the test each call, and gives the answers one after another, then the last one again and again.
  defp answers(answers) do
    test = self()
    {:ok, queue} = Agent.start_link(fn -> answers end)

    fn query ->
      send(test, {:resolve, query, self()})

      Agent.get_and_update(queue, fn
        [last] -> {last, [last]}
        [next | rest] -> {next, rest}
      end)
    end
  end

  defp start(network, config) do
    config =
      Keyword.merge([polling_interval: 20, query: "app.local", node_basename: "app"], config)

    topology = [strategy: DNSPoll, config: config] ++ Network.topology(network)
    start_supervised!({Cluster.Supervisor, [[dns: topology], [name: Contract.ClusterSupervisor]]})
  end

  defp child do
    [{:dns, pid, :worker, _modules}] = Supervisor.which_children(Contract.ClusterSupervisor)
    pid
  end

  defp attempts(acc \\ []) do
    receive do
      {action, node} when action in [:connect, :disconnect] -> attempts([{action, node} | acc])
    after
      0 -> Enum.reverse(acc)
    end
  end

  test "polls inside init: what starts after the supervisor waits for DNS", %{network: network} do
    resolver = fn _query -> Process.sleep(150) && [] end
    {microseconds, _pid} = :timer.tc(fn -> start(network, resolver: resolver) end)
    assert microseconds >= 150_000
  end

  @tag network: [delay: 60]
  test "connects inside init, one after another, in order", %{network: network} do
    resolver = answers([[{10, 0, 0, 3}, {10, 0, 0, 1}, {10, 0, 0, 2}]])
    {microseconds, _pid} = :timer.tc(fn -> start(network, resolver: resolver) end)
    assert microseconds >= 180_000

    for node <- [@one, @two, @three] do
      assert_received {:connect, ^node}
      assert_received {:done, :connect, ^node}
    end

    assert Network.list(network) == [@three, @two, @one]
  end

  test "calls the resolver with the query, in its own process", %{network: network} do
    start(network, resolver: answers([[]]))
    pid = child()
    assert_received {:resolve, "app.local", ^pid}
    assert_receive {:resolve, "app.local", ^pid}
  end

  test "names nodes after IPv4 and IPv6 addresses", %{network: network} do
    start(network, resolver: answers([[{10, 0, 0, 1}, {0xFD00, 0, 0, 0, 0, 0, 0, 1}]]))
    assert Enum.sort(Network.list(network)) == [@one, :"app@fd00::1"]
  end

  test "doesn't connect to itself", %{network: network} do
    [basename, _host] = node() |> Atom.to_string() |> String.split("@")
    start(network, node_basename: basename, resolver: answers([[{127, 0, 0, 1}, {10, 0, 0, 1}]]))
    assert attempts() == [connect: :"#{basename}@10.0.0.1"]
  end

  @tag network: [connected: [@one]]
  test "doesn't connect to a connected node", %{network: network} do
    start(network, resolver: answers([[{10, 0, 0, 1}, {10, 0, 0, 2}]]))
    assert attempts() == [connect: @two]
  end

  test "disconnects every node that is missing from the newest answer", %{network: network} do
    start(network, resolver: answers([[{10, 0, 0, 1}, {10, 0, 0, 2}], [{10, 0, 0, 2}]]))
    assert_receive {:disconnect, @one}
    refute_receive {:disconnect, @two}, 60
    assert Network.list(network) == [@two]
  end

  test "disconnects all nodes when an answer is empty", %{network: network} do
    start(network, resolver: answers([[{10, 0, 0, 1}, {10, 0, 0, 2}], []]))
    assert_receive {:done, :disconnect, @two}
    assert Network.list(network) == []
  end

  @tag network: [connected: [:"other@10.0.0.9"]]
  test "leaves nodes alone that it never found in an answer", %{network: network} do
    start(network, resolver: answers([[{10, 0, 0, 1}], []]))
    assert_receive {:done, :disconnect, @one}
    assert Network.list(network) == [:"other@10.0.0.9"]
  end

  @tag network: [answers: %{@one => false}]
  test "tries again at the next poll what it couldn't reach", %{network: network} do
    start(network, resolver: answers([[{10, 0, 0, 1}]]))
    assert_receive {:done, :connect, @one}
    assert_receive {:done, :connect, @one}
    Network.answer(network, @one, true)
    assert @one in until(fn -> Network.list(network) end)
  end

  # The first list that isn't empty. ExUnit ends the test when there never is one.
  defp until(list) do
    fn -> Process.sleep(5) && list.() end |> Stream.repeatedly() |> Enum.find(&(&1 != []))
  end

  @tag network: [answers: %{@one => false}]
  test "leaves a node alone that it couldn't reach and that came by itself", %{network: network} do
    start(network, resolver: answers([[{10, 0, 0, 1}], []]))
    Network.join(network, @one)
    for _poll <- 1..3, do: assert_receive({:resolve, _query, _pid})
    refute_received {:disconnect, @one}
  end

  test "tries again at the next poll what it couldn't disconnect", %{network: network} do
    start(network, resolver: answers([[{10, 0, 0, 1}], []]) |> failing_disconnect(network))
    assert_receive {:done, :disconnect, @one}
    assert_receive {:done, :disconnect, @one}
  end

  defp failing_disconnect(resolver, network) do
    fn query ->
      answer = resolver.(query)
      if answer == [], do: Network.answer(network, @one, :no_way)
      answer
    end
  end

  test "polls every polling_interval milliseconds; poll_interval is ignored", %{network: network} do
    start(network, polling_interval: 100, poll_interval: 1, resolver: answers([[]]))
    assert_received {:resolve, _query, _pid}
    refute_receive {:resolve, _query, _pid}, 60
    assert_receive {:resolve, _query, _pid}
  end

  test "starts without a query, and connects to no node", %{network: network} do
    start(network, query: "", resolver: answers([[{10, 0, 0, 1}]]))
    assert Process.alive?(child())
    refute_received {:connect, _node}
  end

  test "ignores messages it doesn't know", %{network: network} do
    start(network, resolver: answers([[]]))
    pid = child()
    send(pid, {:tcp_closed, :somewhere})
    assert_receive {:resolve, _query, ^pid}
    assert_receive {:resolve, _query, ^pid}
  end

  test "without a resolver asks DNS for A and AAAA records", %{network: network} do
    Myapp.Test.Nameserver.start(%{
      a: [{10, 0, 0, 1}, {10, 0, 0, 2}],
      aaaa: [{0xFD00, 0, 0, 0, 0, 0, 0, 1}]
    })

    start(network, [])
    assert Enum.sort(Network.list(network)) == [@one, @two, :"app@fd00::1"]
  end

  describe "telemetry" do
    setup do
      events =
        for action <- [:connect_node, :disconnect_node],
            result <- [:ok, :error],
            do: [:libcluster, action, result]

      test = self()

      handler = fn event, measurements, metadata, nil ->
        send(test, {event, measurements, metadata})
      end

      :ok = :telemetry.attach_many("contract", events, handler, nil)
      on_exit(fn -> :telemetry.detach("contract") end)
    end

    test "for each connect and disconnect, with its duration", %{network: network} do
      start(network, resolver: answers([[{10, 0, 0, 1}], []]))

      assert_receive {[:libcluster, :connect_node, :ok], %{duration: duration},
                      %{node: @one, topology: :dns}}

      assert is_integer(duration)

      assert_receive {[:libcluster, :disconnect_node, :ok], %{duration: _duration},
                      %{node: @one, topology: :dns}}
    end

    @tag network: [answers: %{@one => false, @two => :ignored}]
    test "for each failure, with the reason", %{network: network} do
      start(network, resolver: answers([[{10, 0, 0, 1}, {10, 0, 0, 2}]]))

      assert_receive {[:libcluster, :connect_node, :error], _measurements,
                      %{node: @one, topology: :dns, reason: :unreachable}}

      assert_receive {[:libcluster, :connect_node, :error], _measurements,
                      %{node: @two, topology: :dns, reason: :not_part_of_network}}
    end
  end
end
