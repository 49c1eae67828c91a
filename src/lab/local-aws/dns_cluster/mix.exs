defmodule DNSCluster.StandIn.MixProject do
  use Mix.Project

  def project do
    [app: :dns_cluster, version: "0.2.0", elixir: "~> 1.14"]
  end

  def application do
    [extra_applications: [:logger]]
  end
end
