import Config

# Every node on this machine that epmd knows when this one starts: `iex --sname a -S mix`, then b, then c.
config :libcluster,
  topologies: [
    local: [strategy: Cluster.Strategy.LocalEpmd]
  ]
