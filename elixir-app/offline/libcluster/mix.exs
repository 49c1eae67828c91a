# A stand-in for https://hex.pm/packages/libcluster, for machines that can't reach hex.pm. Never part of an image.
defmodule Cluster.StandIn.MixProject do
  use Mix.Project

  def project do
    [
      app: :libcluster,
      version: "3.5.0",
      elixir: "~> 1.14",
      deps: [{:telemetry, path: "../telemetry"}]
    ]
  end

  def application do
    [extra_applications: [:logger]]
  end
end
