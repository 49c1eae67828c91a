import Config

# No topologies: tests don't cluster. Port 0: whichever is free.
config :myapp, port: 0, drain_seconds: 1

config :logger, level: :warning
