defmodule Contract.StrategyTest do
  use ExUnit.Case

  alias Myapp.Test.Network

  @one :"app@10.0.0.1"
  @two :"app@10.0.0.2"
  @three :"app@10.0.0.3"

  defmodule Minimal do
    use Cluster.Strategy

    @impl true
    def start_link([%Cluster.Strategy.State{meta: nil}]), do: :ignore
  end

  test "is a behaviour with a child specification" do
    assert Minimal.child_spec([:state]) ==
             %{id: Minimal, type: :worker, start: {Minimal, :start_link, [[:state]]}}

    assert start_supervised({Cluster.Supervisor, [[a: [strategy: Minimal]]]})
  end

  test "connects to nodes that aren't connected and aren't this one, and gives those that it couldn't connect to" do
    {:ok, network} = Network.start_link(connected: [@one], answers: %{@three => false})
    [connect: connect, disconnect: _, list_nodes: list] = Network.topology(network)

    assert Cluster.Strategy.connect_nodes(:a, connect, list, [node(), @one, @two]) == :ok
    assert Enum.sort(Network.list(network)) == [@one, @two]

    assert Cluster.Strategy.connect_nodes(:a, connect, list, [@three]) ==
             {:error, [{@three, false}]}

    assert_received {:connect, @two}
    assert_received {:connect, @three}
    refute_received {:connect, _node}
  end
end
