import Config

# A wrong variable gets one line in the log, not a crash dump.
try do
  if config_env() != :test do
    config :myapp,
      port: Myapp.Http.port!(System.get_env()),
      drain_seconds: Myapp.Http.Drainer.seconds!(System.get_env())
  end

  if config_env() == :prod do
    config :libcluster, topologies: Myapp.Cluster.Topologies.from_env!(System.get_env())
  end
rescue
  error in ArgumentError ->
    IO.puts(:stderr, "ERROR: " <> Exception.message(error))
    System.halt(1)
end
