defmodule Myapp.Application do
  @moduledoc """
  What runs, in this order: HTTP, the record of peers, the departure from the cluster, the cluster.

  The cluster comes last. libcluster connects while it starts, so what serves must be up before it; and as children stop
  in reverse order, on SIGTERM the node first ceases to look for peers, then leaves them, and then stops serving.
  """

  use Application

  require Logger

  @impl true
  def start(_type, _args) do
    children =
      [
        {Myapp.Http, port: Application.fetch_env!(:myapp, :port)},
        Myapp.Cluster.Peers,
        Myapp.Cluster.Departure
      ] ++ cluster()

    Supervisor.start_link(children, strategy: :one_for_one, name: Myapp.Supervisor)
  end

  # In test there are no topologies, and no libcluster either.
  defp cluster do
    case Application.fetch_env(:libcluster, :topologies) do
      {:ok, []} ->
        Logger.warning("CLUSTER_NODES is not set: this node looks for no others")
        []

      {:ok, topologies} ->
        Logger.info("#{node()} looks for #{Enum.map_join(topologies, ", ", &elem(&1, 0))}")
        [{Cluster.Supervisor, [topologies, [name: Myapp.ClusterSupervisor]]}]

      :error ->
        []
    end
  end
end
