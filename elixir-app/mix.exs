defmodule Myapp.MixProject do
  use Mix.Project

  def project do
    [
      app: :myapp,
      version: "0.1.0",
      elixir: "~> 1.14",
      start_permanent: Mix.env() == :prod,
      deps: deps(),
      releases: [myapp: [include_executables_for: [:unix]]]
    ]
  end

  def application do
    [mod: {Myapp.Application, []}, extra_applications: [:logger, :inets]]
  end

  # Tests never cluster, so they do without libcluster. LIBCLUSTER_PATH names a local copy where hex.pm is out of reach;
  # offline/libcluster is a stand-in for it.
  defp deps do
    case System.get_env("LIBCLUSTER_PATH") do
      path when path in [nil, ""] -> [{:libcluster, "~> 3.5", only: [:dev, :prod]}]
      path -> [{:libcluster, path: path, only: [:dev, :prod]}]
    end
  end
end
