defmodule Myapp.Cluster.PeersTest do
  use ExUnit.Case

  alias Myapp.Cluster.Peers

  setup do
    test = self()
    events = [[:myapp, :cluster, :node_up], [:myapp, :cluster, :node_down]]

    handler = fn event, measurements, metadata, nil ->
      send(test, {event, measurements, metadata})
    end

    :ok = :telemetry.attach_many("test", events, handler, nil)
    on_exit(fn -> :telemetry.detach("test") end)
  end

  test "records since when a peer is connected, and tells telemetry" do
    send(Peers, {:nodeup, :"myapp@10.0.0.1", [node_type: :visible]})
    assert %{"myapp@10.0.0.1": %DateTime{} = since} = Peers.connected()
    assert DateTime.diff(DateTime.utc_now(), since) < 2
    assert_received {[:myapp, :cluster, :node_up], %{peers: 1}, %{node: :"myapp@10.0.0.1"}}

    send(Peers, {:nodedown, :"myapp@10.0.0.1", [nodedown_reason: :net_tick_timeout]})
    assert Peers.connected() == %{}

    assert_received {[:myapp, :cluster, :node_down], %{peers: 0, duration: duration},
                     %{node: :"myapp@10.0.0.1", reason: :net_tick_timeout}}

    assert duration > 0
  end

  test "logs who came and who went, and why" do
    log =
      ExUnit.CaptureLog.capture_log(fn ->
        send(Peers, {:nodeup, :"myapp@10.0.0.1", []})
        send(Peers, {:nodedown, :"myapp@10.0.0.1", [nodedown_reason: :connection_closed]})
        Peers.connected()
      end)

    assert log =~ "node down: myapp@10.0.0.1, :connection_closed (0 peers)"
  end

  test "tells once of a peer that it found and heard of" do
    for _twice <- 1..2, do: send(Peers, {:nodeup, :"myapp@10.0.0.1", []})
    assert %{"myapp@10.0.0.1": _since} = Peers.connected()
    assert_received {[:myapp, :cluster, :node_up], %{peers: 1}, _metadata}
    refute_received {[:myapp, :cluster, :node_up], _measurements, _metadata}
    send(Peers, {:nodedown, :"myapp@10.0.0.1", []})
  end

  test "a node that goes without having come changes nothing" do
    send(Peers, {:nodedown, :"myapp@10.0.0.9", []})
    assert Peers.connected() == %{}
    assert_received {[:myapp, :cluster, :node_down], _measurements, %{reason: :unknown}}
  end
end
