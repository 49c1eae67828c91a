defmodule Cluster.Supervisor do
  @moduledoc """
  One child for each topology, started with the `t:Cluster.Strategy.State.t/0` that its specification describes.
  """

  use Supervisor

  require Logger

  def start_link([topologies]), do: start_link([topologies, []])

  def start_link([topologies, options]) do
    Supervisor.start_link(__MODULE__, topologies, options)
  end

  @impl true
  def init(topologies) do
    Logger.warning("libcluster is the stand-in of src/lab/local-aws/libcluster, not the real one")
    Supervisor.init(Enum.map(topologies, &child/1), strategy: :one_for_one)
  end

  defp child({topology, specification}) do
    strategy = Keyword.fetch!(specification, :strategy)

    state = %Cluster.Strategy.State{
      topology: topology,
      config: Keyword.get(specification, :config, []),
      connect: Keyword.get(specification, :connect, {:net_kernel, :connect_node, []}),
      disconnect: Keyword.get(specification, :disconnect, {:erlang, :disconnect_node, []}),
      list_nodes: Keyword.get(specification, :list_nodes, {:erlang, :nodes, [:connected]})
    }

    %{id: topology, start: {strategy, :start_link, [[state]]}}
  end
end
