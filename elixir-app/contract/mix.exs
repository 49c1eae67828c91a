defmodule LibclusterContract.MixProject do
  @moduledoc """
  What this application relies on in libcluster, as tests: `LIBCLUSTER_PATH=… mix test` tries the libcluster of that
  folder (relative to elixir-app). Without it, the stand-in of offline/libcluster.
  """

  use Mix.Project

  @libcluster Path.expand(
                System.get_env("LIBCLUSTER_PATH") || "offline/libcluster",
                Path.dirname(__DIR__)
              )

  def project do
    [
      app: :libcluster_contract,
      version: "0.1.0",
      elixir: "~> 1.14",
      elixirc_paths: ["test/support", Path.expand("../test/support", __DIR__)],
      deps: [{:libcluster, path: @libcluster}],
      # One build for each libcluster, or the second would run against the first one's files.
      build_path: "_build/#{:erlang.phash2(@libcluster)}"
    ]
  end

  def application do
    [extra_applications: [:logger], env: [libcluster: @libcluster]]
  end
end
