defmodule Compiled do
  @moduledoc "The ways of discovery, compiled into a folder that each node has on its code path."

  @doc "Compiles libcluster, dns_cluster and this project's strategy, with the stand-ins where no path is set. Returns the folder."
  def strategies do
    root = Path.dirname(__DIR__)
    ebin = Path.join(System.tmp_dir!(), "discovery-bench-#{System.pid()}")
    File.mkdir_p!(ebin)
    Code.prepend_path(ebin)
    libcluster = System.get_env("LIBCLUSTER_PATH", Path.join(root, "src/lab/local-aws/libcluster"))
    if telemetry = System.get_env("TELEMETRY_PATH"), do: compile_telemetry(telemetry, ebin)

    dns_cluster =
      System.get_env("DNS_CLUSTER_PATH", Path.join(root, "src/lab/local-aws/dns_cluster"))

    folders = ["#{libcluster}/lib", "#{dns_cluster}/lib", "#{root}/elixir-app/lib/myapp/cluster"]
    files = Enum.flat_map(folders, &Path.wildcard("#{&1}/**/*.ex"))
    # libcluster's strategy for Kubernetes asks Mix for its environment.
    Mix.start()
    {:ok, _modules, _warnings} = Kernel.ParallelCompiler.compile_to_path(files, ebin)
    ebin
  end

  defp compile_telemetry(telemetry, ebin) do
    for file <- Path.wildcard("#{telemetry}/src/*.erl"),
        do: {:ok, _} = :compile.file(String.to_charlist(file), outdir: String.to_charlist(ebin))

    File.cp!("#{telemetry}/src/telemetry.app.src", "#{ebin}/telemetry.app")
  end
end
