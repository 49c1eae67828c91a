defmodule Myapp.MixProject do
  use Mix.Project

  # LIBCLUSTER_PATH names a local libcluster where hex.pm is out of reach; offline/libcluster is a stand-in for it.
  @libcluster System.get_env("LIBCLUSTER_PATH", "")

  def project do
    [
      app: :myapp,
      version: "0.1.0",
      elixir: "~> 1.14",
      start_permanent: Mix.env() == :prod,
      elixirc_paths: if(Mix.env() == :test, do: ["lib", "test/support"], else: ["lib"]),
      build_path: build_path(@libcluster),
      deps: deps(@libcluster),
      releases: [
        myapp: [include_executables_for: [:unix], steps: [:assemble, &without_cookie/1]]
      ]
    ]
  end

  def application do
    [mod: {Myapp.Application, []}, extra_applications: [:logger, :inets]]
  end

  # Tests never cluster, so they do without libcluster.
  defp deps(""), do: [{:libcluster, "~> 3.5", only: [:dev, :prod]}]
  defp deps(path), do: [{:libcluster, path: path, only: [:dev, :prod]}]

  # Everyone who can pull the image would know the generated cookie. RELEASE_COOKIE is the only one: see rel/env.sh.eex.
  defp without_cookie(release) do
    File.rm!(Path.join(release.path, "releases/COOKIE"))
    release
  end

  # One build for each libcluster: what was compiled against one of them doesn't run with another.
  defp build_path(""), do: "_build"
  defp build_path(path), do: "_build/#{:erlang.phash2(Path.expand(path))}"
end
