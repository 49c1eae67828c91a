defmodule Cluster.Strategy.LocalEpmd do
  @moduledoc """
  Connects once, when it starts, to all nodes that this machine's epmd knows.
  """

  alias Cluster.Strategy

  def start_link([%Strategy.State{} = state]) do
    {:ok, names} = :erl_epmd.names()
    [_name, host] = node() |> Atom.to_string() |> String.split("@", parts: 2)
    nodes = for {name, _port} <- names, do: :"#{name}@#{host}"
    Strategy.connect_nodes(state.topology, state.connect, state.list_nodes, nodes)
    :ignore
  end
end
