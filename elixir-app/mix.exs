defmodule Myapp.MixProject do
  use Mix.Project

  def project do
    [
      app: :myapp,
      version: "0.1.0",
      elixir: "~> 1.14",
      start_permanent: Mix.env() == :prod,
      elixirc_paths: elixirc_paths(Mix.env()),
      deps: deps(),
      releases: [
        myapp: [include_executables_for: [:unix], steps: [:assemble, &without_cookie/1]]
      ]
    ]
  end

  def application do
    [mod: {Myapp.Application, []}, extra_applications: [:logger, :inets, :crypto, :ssl]]
  end

  defp elixirc_paths(:test), do: ["lib", "test/support"]
  defp elixirc_paths(_env), do: ["lib"]

  defp deps do
    [{:libcluster, "~> 3.5"}, {:dns_cluster, "~> 0.2.0"}]
  end

  # Everyone who can pull the image would know the generated cookie. RELEASE_COOKIE is the only one: see rel/env.sh.eex.
  defp without_cookie(release) do
    File.rm!(Path.join(release.path, "releases/COOKIE"))
    release
  end
end
