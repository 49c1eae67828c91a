import Config

# A wrong variable gets one line in the log, not a crash dump.
try do
  if config_env() != :test do
    config :myapp,
      port: Myapp.Http.port!(System.get_env()),
      health_after_discovery: Myapp.Http.health_after_discovery!(System.get_env()),
      drain_seconds: Myapp.Http.Drainer.seconds!(System.get_env())
  end

  if config_env() == :prod do
    config :libcluster, topologies: Myapp.Cluster.Topologies.from_env!(System.get_env())

    # A list of names, with basename@name for services whose nodes have another basename.
    queries =
      for name <- String.split(System.get_env("DNS_CLUSTER_QUERY", ""), ",", trim: true) do
        case String.split(name, "@") do
          [query] -> query
          [basename, query] -> {basename, query}
        end
      end

    config :myapp, :dns_cluster_query, queries
  end
rescue
  error in ArgumentError ->
    IO.puts(:stderr, "ERROR: " <> Exception.message(error))
    System.halt(1)
end
