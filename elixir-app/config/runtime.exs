import Config

if config_env() != :test do
  config :myapp, port: Myapp.Http.port!(System.get_env())
end

if config_env() == :prod do
  config :libcluster, topologies: Myapp.Cluster.Topologies.from_env!(System.get_env())
end
