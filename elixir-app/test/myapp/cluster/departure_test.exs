defmodule Myapp.Cluster.DepartureTest do
  use ExUnit.Case

  alias Myapp.Cluster.Departure

  setup_all do
    :ok = Myapp.Test.Epmd.start()
    :ok
  end

  # Two connected nodes, each controlled over its standard input, so that it can leave and go on answering.
  setup do
    [{leaver, _}, {other, node}] =
      for name <- ["leaver", "other"] do
        {:ok, peer, node} =
          :peer.start_link(%{
            name: :"#{name}-#{System.pid()}-#{System.unique_integer([:positive])}",
            connection: :standard_io,
            longnames: false,
            args: Enum.flat_map(:code.get_path(), &[~c"-pa", &1])
          })

        {:ok, _started} = :peer.call(peer, Application, :ensure_all_started, [:logger])
        {peer, node}
      end

    assert :peer.call(leaver, Node, :connect, [node])
    %{leaver: leaver, other: other, node: node}
  end

  defp leave(peer, options) do
    {:ok, pid} = :peer.call(peer, GenServer, :start, [Departure, options[:disconnect]])
    :ok = :peer.call(peer, GenServer, :stop, [pid])
    :peer.call(peer, Node, :list, [])
  end

  test "closes every link and lets nobody in again", %{leaver: leaver, other: other} do
    assert leave(leaver, disconnect: Departure.disconnect()) == []
    refute :peer.call(other, Node, :connect, [:peer.call(leaver, Node, :self, [])])
  end

  test "keeps the links where nothing closes them without harm", %{leaver: leaver, node: node} do
    assert leave(leaver, disconnect: nil) == [node]
  end

  test "closes them by :global.disconnect/0, which OTP 25.0 doesn't have" do
    assert Departure.disconnect() ==
             if(function_exported?(:global, :disconnect, 0), do: &:global.disconnect/0)
  end
end
