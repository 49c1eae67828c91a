defmodule Myapp.Cluster.Metrics do
  @moduledoc """
  Reports whether the cluster is whole: how many peers this node is connected to, and how many it should be connected to.

  It writes a line to standard output every 30 seconds, and within a second after a peer connects or disconnects. The line is
  JSON in CloudWatch's embedded metric format. The log driver `awslogs` sends it to CloudWatch Logs, and CloudWatch makes
  metrics of it: no agent, no dependency, no permission. The line doesn't go through `Logger`, whose prefix would make it
  plain text.

  ## Usage

  Add it to the supervisor's children, after libcluster or `DNSCluster`:

      children = [
        {Cluster.Supervisor, [topologies, [name: Myapp.ClusterSupervisor]]},
        Myapp.Cluster.Metrics
      ]

  This module needs `Myapp.Cluster.Missing` alone: copy both files and rename the modules.

  ## Metrics

  All are counts in the namespace `ElixirCluster`, by `Environment` and `Cluster`. `ConnectedPeers` is also there by
  `Environment`, `Cluster` and `Service`. A line also has the names `Node` and `Missing`, a list of up to 20 peers. These aren't
  dimensions, so they cost nothing, and CloudWatch Logs Insights finds them.

  | metric | meaning |
  |---|---|
  | `ConnectedPeers` | peers that this node is connected to, without hidden nodes |
  | `ExpectedPeers` | those, and the missing ones |
  | `MissingPeers` | peers that DNS has named for two intervals, and that this node isn't connected to: `Myapp.Cluster.Missing` |
  | `NodeDowns` | connections that ended since the last line |
  | `Reconnections` | peers that came back since the last line: their task ran on, and only the connection broke |

  ## Variables

  | variable | meaning | default |
  |---|---|---|
  | `CLUSTER_METRICS` | `environment/cluster/service`, the values of the dimensions | none: no metrics |
  | `CLUSTER_METRICS_INTERVAL` | milliseconds between two lines; all other times follow from it | 30000 |
  | `CLUSTER_METRICS_NODES`, `CLUSTER_NODES` or `DNS_CLUSTER_QUERY` | the names to ask DNS for, comma-separated, with `basename@` in front where it isn't this node's | none: no peer is missing |
  | `CLUSTER_VERSION` | this version has nodes of its own | none |
  """

  use GenServer

  require Logger

  alias Myapp.Cluster.Missing

  @namespace "ElixirCluster"
  @metrics ~w(ConnectedPeers ExpectedPeers MissingPeers NodeDowns Reconnections)

  # A peer that is away for longer than this many intervals is another task with the same address.
  @away 20

  @names 20

  @doc """
  Starts the reports. `:ignore` without `CLUSTER_METRICS`.

  ## Options

    * `:env` - the variables. Defaults to those of the system.
    * `:write` - a function that gets each line. Defaults to `IO.puts/1`.
    * `:lookup` - a function from a DNS name to IP addresses. Defaults to the A records.
    * `:connected` - a function that gives the connected peers. Defaults to `Node.list/0`.
    * `:other_name?` - a function from a node's name: whether a node of another name answers at its address. Defaults to a
      question to epmd, or without epmd a connection to the one port.
    * `:now` - a function that gives the milliseconds of a clock. Defaults to the monotonic one.
  """
  @spec start_link(keyword()) :: GenServer.on_start()
  def start_link(options \\ []) do
    options =
      Keyword.validate!(options,
        env: System.get_env(),
        write: &IO.puts/1,
        lookup: &Missing.lookup/1,
        connected: &Node.list/0,
        other_name?: &Missing.other_name?/1,
        now: &now/0
      )

    case options[:env]["CLUSTER_METRICS"] do
      unset when unset in [nil, ""] -> :ignore
      value -> start(String.split(value, "/"), options)
    end
  end

  defp start([_environment, _cluster, _service] = dimensions, options) do
    {look, options} = Keyword.split(options, [:lookup, :other_name?])
    interval = interval(options[:env])

    state =
      Map.merge(Map.new(options), %{
        dimensions: dimensions,
        interval: interval,
        missing: Missing.new(options[:env], interval, look),
        away: %{},
        node_downs: 0,
        reconnections: 0,
        soon?: false
      })

    GenServer.start_link(__MODULE__, Map.delete(state, :env), name: __MODULE__)
  end

  defp start(_other, options) do
    Logger.error(
      "no metrics: CLUSTER_METRICS is #{inspect(options[:env]["CLUSTER_METRICS"])}, which isn't environment/cluster/service. " <>
        "For example: CLUSTER_METRICS=prod/shop/web"
    )

    :ignore
  end

  @impl true
  def init(state) do
    :ok = :net_kernel.monitor_nodes(true, node_type: :visible)
    send(self(), :ask_dns)
    send(self(), :interval)
    {:ok, state}
  end

  @impl true
  def handle_info(:interval, state) do
    Process.send_after(self(), :interval, state.interval)
    {:noreply, report(state)}
  end

  def handle_info(:soon, state), do: {:noreply, report(%{state | soon?: false})}

  def handle_info(:ask_dns, state) do
    Process.send_after(self(), :ask_dns, div(state.interval, 3))
    {:noreply, ask_dns(state)}
  end

  def handle_info({:nodeup, node, _info}, state) do
    {left, away} = Map.pop(state.away, node)
    back = if left != nil and state.now.() - left < @away * state.interval, do: 1, else: 0
    {:noreply, soon(%{state | away: away, reconnections: state.reconnections + back})}
  end

  def handle_info({:nodedown, node, _info}, state) do
    away = Map.put(state.away, node, state.now.())
    {:noreply, soon(%{state | away: away, node_downs: state.node_downs + 1})}
  end

  def handle_info(_message, state), do: {:noreply, state}

  # Many peers may come and go at once: one line for all of them.
  defp soon(%{soon?: true} = state), do: state

  defp soon(state) do
    Process.send_after(self(), :soon, div(state.interval, 30))
    %{state | soon?: true}
  end

  defp ask_dns(state) do
    now = state.now.()
    away = Map.filter(state.away, fn {_node, left} -> now - left < @away * state.interval end)
    %{state | missing: Missing.ask(state.missing, state.connected.(), now), away: away}
  end

  defp report(state) do
    connected = state.connected.()
    missing = Enum.sort(Missing.nodes(state.missing) -- connected)

    values = [
      length(connected),
      length(connected) + length(missing),
      length(missing),
      state.node_downs,
      state.reconnections
    ]

    state.write.(line(state.dimensions, Enum.zip(@metrics, values), missing))
    %{state | node_downs: 0, reconnections: 0}
  end

  # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
  defp line([environment, cluster, service], values, missing) do
    json(
      [
        {"_aws",
         [
           {"Timestamp", System.system_time(:millisecond)},
           {"CloudWatchMetrics",
            [
              directive(["Environment", "Cluster"], @metrics),
              directive(["Environment", "Cluster", "Service"], ["ConnectedPeers"])
            ]}
         ]},
        {"Environment", environment},
        {"Cluster", cluster},
        {"Service", service},
        {"Node", node()},
        {"Missing", Enum.take(missing, @names)}
      ] ++ values
    )
  end

  defp directive(dimensions, metrics) do
    [
      {"Namespace", @namespace},
      {"Dimensions", [dimensions]},
      {"Metrics", for(metric <- metrics, do: [{"Name", metric}, {"Unit", "Count"}])}
    ]
  end

  # Elixir has JSON from 1.18 on. Names of nodes and dimensions contain nothing that JSON escapes in another way than Elixir.
  defp json([{_key, _value} | _] = object),
    do:
      "{" <>
        Enum.map_join(object, ",", fn {key, value} -> json(key) <> ":" <> json(value) end) <> "}"

  defp json(list) when is_list(list), do: "[" <> Enum.map_join(list, ",", &json/1) <> "]"
  defp json(number) when is_integer(number), do: Integer.to_string(number)
  defp json(text), do: text |> to_string() |> inspect(printable_limit: :infinity)

  defp interval(env) do
    case Integer.parse(Map.get(env, "CLUSTER_METRICS_INTERVAL", "")) do
      {milliseconds, ""} when milliseconds >= 30 -> milliseconds
      _other -> 30_000
    end
  end

  defp now, do: System.monotonic_time(:millisecond)
end
