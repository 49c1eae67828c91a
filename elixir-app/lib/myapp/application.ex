defmodule Myapp.Application do
  @moduledoc """
  Starts, in this order: HTTP, the record of peers, the departure from the cluster, the cluster, the drainer.

  The cluster comes late, so that everything that peers may call runs before the node connects. Children stop in reverse
  order: on SIGTERM the node first lets open requests end, which may still need the cluster, then stops looking for peers,
  then disconnects from them, and then stops serving.
  """

  use Application

  require Logger

  @impl true
  def start(_type, _args) do
    children =
      [
        Myapp.Http.Drainer.registry(),
        {Myapp.Http, port: Application.fetch_env!(:myapp, :port)},
        Myapp.Cluster.Peers,
        Myapp.Cluster.Departure
      ] ++
        cluster() ++
        [{Myapp.Http.Drainer, seconds: Application.fetch_env!(:myapp, :drain_seconds)}]

    Supervisor.start_link(children, strategy: :one_for_one, name: Myapp.Supervisor)
  end

  # In test there are no topologies.
  defp cluster do
    case Application.fetch_env(:libcluster, :topologies) do
      {:ok, []} ->
        Logger.warning("CLUSTER_NODES is not set: this node doesn't look for others")
        []

      {:ok, topologies} ->
        Logger.info("#{node()} looks for #{Enum.map_join(topologies, ", ", &elem(&1, 0))}")
        [{Cluster.Supervisor, [topologies, [name: Myapp.ClusterSupervisor]]}]

      :error ->
        []
    end
  end
end
