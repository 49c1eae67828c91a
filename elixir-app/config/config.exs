import Config

# Elixir 1.15 gave the setting another name.
formatter =
  if Version.match?(System.version(), ">= 1.15.0"), do: :default_formatter, else: :console

config :logger, formatter, format: "$time [$level] $message\n"

import_config "#{config_env()}.exs"
