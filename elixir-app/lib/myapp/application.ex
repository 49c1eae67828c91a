defmodule Myapp.Application do
  @moduledoc """
  Starts, in this order: the record of peers, the departure from the cluster, discovery, its metrics, HTTP, the drainer.

  Discovery comes before everything that uses the cluster, as in a Phoenix application, where it starts before PubSub and
  the endpoint. The other way round, a node serves requests before it has peers, misses what they broadcast meanwhile, and
  starts singletons that already run elsewhere.

  Children stop in reverse order: on SIGTERM the node first lets open requests end, which may still need the cluster, then
  stops serving, then stops looking for peers, and then disconnects from them.
  """

  use Application

  require Logger

  @impl true
  def start(_type, _args) do
    topologies = Application.get_env(:libcluster, :topologies, [])
    queries = Application.get_env(:myapp, :dns_cluster_query, [])
    if Node.alive?(), do: log(Keyword.keys(topologies) ++ queries)

    # CLUSTER_NODES activates libcluster, DNS_CLUSTER_QUERY DNSCluster. The other one is idle.
    children = [
      Myapp.Cluster.Peers,
      Myapp.Cluster.Departure,
      {Cluster.Supervisor, [topologies, [name: Myapp.ClusterSupervisor]]},
      {DNSCluster, query: if(queries == [], do: :ignore, else: queries)},
      {Myapp.Cluster.FirstPoll, discovery: &Myapp.Cluster.FirstPoll.discovery/0},
      Myapp.Cluster.Metrics,
      Myapp.Http.Drainer.registry(),
      {Myapp.Http, port: Application.fetch_env!(:myapp, :port)},
      {Myapp.Http.Drainer, seconds: Application.fetch_env!(:myapp, :drain_seconds)}
    ]

    Supervisor.start_link(children, strategy: :one_for_one, name: Myapp.Supervisor)
  end

  defp log([]) do
    Logger.warning(
      "neither CLUSTER_NODES nor DNS_CLUSTER_QUERY is set: this node doesn't look for others"
    )
  end

  defp log(found_by),
    do: Logger.info("#{node()} looks for #{Enum.map_join(found_by, ", ", &name/1)}")

  defp name({basename, query}), do: "#{basename}@#{query}"
  defp name(name), do: "#{name}"
end
