# A stand-in for https://hex.pm/packages/telemetry: the few calls that offline/libcluster and its contract need.
defmodule Telemetry.StandIn.MixProject do
  use Mix.Project

  def project do
    [app: :telemetry, version: "1.3.0", elixir: "~> 1.14"]
  end

  def application do
    [extra_applications: [:logger], mod: {Telemetry.StandIn, []}]
  end
end
