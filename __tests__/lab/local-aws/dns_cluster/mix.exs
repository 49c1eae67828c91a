defmodule DNSClusterContract.MixProject do
  @moduledoc """
  What `elixir-app` and the code of `mix phx.new` rely on in dns_cluster, as tests of the stand-in. With `DNS_CLUSTER_PATH`, of
  the dns_cluster in that folder.
  """

  use Mix.Project

  @root Path.expand("../../../..", __DIR__)
  @stand_in Path.join(@root, "src/lab/local-aws/dns_cluster")
  @dns_cluster System.get_env("DNS_CLUSTER_PATH", @stand_in)

  def project do
    [
      app: :dns_cluster_contract,
      version: "0.1.0",
      elixir: "~> 1.14",
      elixirc_paths: [Path.join(@root, "elixir-app/test/support")],
      deps: [{:dns_cluster, path: @dns_cluster}],
      # One build for each dns_cluster, or the second would run against the first one's files.
      build_path: Path.join(@root, ".cache/dns_cluster/#{:erlang.phash2(@dns_cluster)}")
    ]
  end

  def application do
    [extra_applications: [:logger], env: [dns_cluster: @dns_cluster]]
  end
end
