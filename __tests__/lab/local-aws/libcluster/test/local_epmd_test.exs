defmodule Contract.LocalEpmdTest do
  use ExUnit.Case

  test "connects once, when it starts, to the nodes that epmd knows" do
    {:ok, _peer, first} = start_node("first")
    refute first in Node.list()

    start_supervised!({Cluster.Supervisor, [[local: [strategy: Cluster.Strategy.LocalEpmd]]]})
    assert first in Node.list()

    {:ok, _peer, second} = start_node("second")
    Process.sleep(100)
    refute second in Node.list()
  end

  defp start_node(name) do
    :peer.start_link(%{
      name: :"#{name}-#{System.pid()}",
      host: ~c"127.0.0.1",
      longnames: true,
      connection: :standard_io,
      args: [~c"-setcookie", Atom.to_charlist(Node.get_cookie())]
    })
  end
end
