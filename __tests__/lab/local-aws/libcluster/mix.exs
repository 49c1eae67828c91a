defmodule LibclusterContract.MixProject do
  @moduledoc """
  What `elixir-app` relies on in libcluster, as tests of the stand-in. With `LIBCLUSTER_PATH`, of the libcluster in that
  folder.
  """

  use Mix.Project

  @root Path.expand("../../../..", __DIR__)
  @stand_in Path.join(@root, "src/lab/local-aws/libcluster")
  @libcluster System.get_env("LIBCLUSTER_PATH", @stand_in)

  def project do
    [
      app: :libcluster_contract,
      version: "0.1.0",
      elixir: "~> 1.14",
      elixirc_paths: [Path.join(@root, "elixir-app/test/support")],
      deps: [{:libcluster, path: @libcluster}],
      # One build for each libcluster, or the second would run against the first one's files.
      build_path: Path.join(@root, ".cache/libcluster/#{:erlang.phash2(@libcluster)}")
    ]
  end

  def application do
    [extra_applications: [:logger], env: [libcluster: @libcluster]]
  end
end
