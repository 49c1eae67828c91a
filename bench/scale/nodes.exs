# Nodes of the benches of scale, on addresses of the loopback network, one port each. In a network namespace of its own, all
# that the loopback interface counts is theirs:
#
#     unshare --user --map-root-user --net sh -c 'ip link set lo up && exec elixir bench/scale/mesh.exs'
defmodule Nodes do
  @port 4370

  @doc "Starts a node at 127.0.0.`number`. It connects to nobody. `flags` are Erlang's."
  def start(number, flags \\ "") do
    all =
      "-start_epmd false -erl_epmd_port #{@port} -setcookie bench +S 1:1 +sbwt none +sbwtdcpu none +sbwtdio none " <>
        "-kernel net_ticktime 15 inet_dist_listen_min #{@port} inet_dist_listen_max #{@port} " <>
        "inet_dist_use_interface {127,0,0,#{number}} #{flags}"

    {:ok, peer, node} =
      :peer.start(%{
        name: :app,
        host: String.to_charlist("127.0.0.#{number}"),
        longnames: true,
        connection: :standard_io,
        args:
          Enum.map(String.split(all), &String.to_charlist/1) ++
            Enum.flat_map(:code.get_path(), &[~c"-pa", &1])
      })

    %{peer: peer, node: node, pid: List.to_string(call(peer, :os, :getpid, [])), number: number}
  end

  def stop(%{peer: peer}), do: :peer.stop(peer)

  def call(peer, module, function, arguments),
    do: :peer.call(peer, module, function, arguments, :infinity)

  @doc "Calls each node at the same time; results in order."
  def each(nodes, fun) do
    nodes
    |> Task.async_stream(fun, max_concurrency: length(nodes) + 1, timeout: :infinity)
    |> Enum.map(fn {:ok, result} -> result end)
  end

  def connected(%{peer: peer}), do: length(call(peer, :erlang, :nodes, []))

  @doc "Waits until each of `nodes` sees all the others."
  def meshed(nodes) do
    if Enum.all?(nodes, &(connected(&1) == length(nodes) - 1)),
      do: :ok,
      else: Process.sleep(10) && meshed(nodes)
  end

  @doc """
  As `meshed/1`, for nodes of which some may have lost each other: each second, each dials the first one, as a discovery
  would. Returns how often.
  """
  def healed(nodes, dials \\ 0, waited_ms \\ 0)

  def healed([first | others] = nodes, dials, waited_ms) do
    cond do
      Enum.all?(nodes, &(connected(&1) == length(others))) ->
        dials

      waited_ms >= 1_000 ->
        each(others, &call(&1.peer, :net_kernel, :connect_node, [first.node]))
        healed(nodes, dials + 1)

      true ->
        Process.sleep(10)
        healed(nodes, dials, waited_ms + 10)
    end
  end

  @doc "Seconds of processor time that the nodes have had."
  def cpu_seconds(nodes) do
    for %{pid: pid} <- nodes, task <- Path.wildcard("/proc/#{pid}/task/*/schedstat"), reduce: 0 do
      # Nanoseconds first.
      sum -> sum + (task |> File.read!() |> String.split() |> hd() |> String.to_integer()) / 1.0e9
    end
  end

  @doc "Memory that the nodes use, pages that they share split between them: MiB a node."
  def mebibytes(nodes) do
    kibibytes =
      for %{pid: pid} <- nodes do
        [_, kibibytes] =
          Regex.run(~r/^Pss:\s+(\d+)/m, File.read!("/proc/#{pid}/smaps_rollup"))

        String.to_integer(kibibytes)
      end

    Enum.sum(kibibytes) / 1024 / length(nodes)
  end

  @doc "Bytes and packets that the loopback interface has sent."
  def traffic do
    [_, counters] = Regex.run(~r/lo:\s*(.*)/, File.read!("/proc/net/dev"))
    numbers = counters |> String.split() |> Enum.map(&String.to_integer/1)
    {Enum.at(numbers, 8), Enum.at(numbers, 9)}
  end

  @doc "What `fun` costs: milliseconds, processor time of all nodes, bytes and packets."
  def cost(nodes, fun) do
    {cpu, {bytes, packets}, started} = {cpu_seconds(nodes), traffic(), now()}
    fun.()
    milliseconds = now() - started
    # What follows from it, such as :global's own messages, counts with it.
    quiet(traffic())
    {bytes_after, packets_after} = traffic()

    %{
      milliseconds: milliseconds,
      cpuSeconds: Float.round(cpu_seconds(nodes) - cpu, 3),
      kibibytes: round((bytes_after - bytes) / 1024),
      packets: packets_after - packets
    }
  end

  # Until a quarter of a second has passed with fewer than a hundred packets.
  defp quiet({_bytes, before}) do
    Process.sleep(250)
    {_bytes, packets} = now = traffic()
    if packets - before > 100, do: quiet(now)
  end

  def now, do: System.monotonic_time(:millisecond)

  @doc "Writes one measurement as a line of JSON."
  def print(measured) do
    fields = for {key, value} <- measured, do: "#{inspect(to_string(key))}: #{json(value)}"
    IO.puts("{ #{Enum.join(fields, ", ")} }")
  end

  defp json(value) when is_list(value), do: "[#{Enum.map_join(value, ", ", &json/1)}]"
  defp json(value) when is_atom(value) and not is_boolean(value), do: inspect(to_string(value))
  defp json(value), do: inspect(value)
end
