defmodule Myapp.Cluster.MetricsTest do
  use ExUnit.Case, async: true

  import ExUnit.CaptureLog

  alias Myapp.Cluster.Metrics

  # DNS is asked every 30 ms, a peer is missing after 180 ms, and each change is in a line after 3 ms.
  @interval 90

  @addresses [{10, 0, 0, 1}, {10, 0, 0, 2}, {10, 0, 0, 3}]

  setup do
    {:ok, dns} = Agent.start_link(fn -> %{"shop.local" => @addresses} end)
    {:ok, peers} = Agent.start_link(fn -> [] end)
    {:ok, dns: dns, peers: peers}
  end

  defp env(more \\ %{}) do
    Map.merge(
      %{
        "CLUSTER_METRICS" => "prod/acme/shop",
        "CLUSTER_METRICS_INTERVAL" => "#{@interval}",
        "CLUSTER_NODES" => "shop@shop.local"
      },
      more
    )
  end

  defp start(context, options \\ []) do
    test = self()

    options =
      Keyword.merge(
        [
          env: env(),
          write: &send(test, {:line, &1}),
          lookup: fn name -> Agent.get(context.dns, &Map.fetch!(&1, name)) end,
          connected: fn -> Agent.get(context.peers, & &1) end
        ],
        options
      )

    start_supervised!({Metrics, options})
  end

  defp set(agent, value), do: Agent.update(agent, fn _ -> value end)

  # The next line that has this in it, among the next hundred.
  defp line(part, left \\ 100)
  defp line(part, 0), do: flunk("no line with #{part}")

  defp line(part, left) do
    assert_receive {:line, line}, 5_000
    if line =~ part, do: line, else: line(part, left - 1)
  end

  # The lines of the next ten intervals.
  defp lines(lines \\ [])
  defp lines(lines) when length(lines) == 10, do: lines

  defp lines(lines) do
    assert_receive {:line, line}, 5_000
    lines([line | lines])
  end

  test "a line is JSON in the embedded metric format", context do
    start(context)
    assert_receive {:line, line}

    assert line =~
             ~r/\A\{"_aws":\{"Timestamp":\d{13},"CloudWatchMetrics":\[\{"Namespace":"ElixirCluster","Dimensions":\[\["Environment","Cluster"\]\],"Metrics":\[\{"Name":"ConnectedPeers","Unit":"Count"\},/

    assert line =~
             ~s({"Namespace":"ElixirCluster","Dimensions":[["Environment","Cluster","Service"]],"Metrics":[{"Name":"ConnectedPeers","Unit":"Count"}]})

    assert String.ends_with?(
             line,
             ~s("Environment":"prod","Cluster":"acme","Service":"shop","Node":"nonode@nohost","Missing":[],) <>
               ~s("ConnectedPeers":0,"ExpectedPeers":0,"MissingPeers":0,"NodeDowns":0,"Reconnections":0})
           )
  end

  test "peers that DNS names and that aren't connected are missing", context do
    set(context.peers, [:"shop@10.0.0.1"])
    start(context)

    assert line(~s("MissingPeers":2,)) =~
             ~s("Missing":["shop@10.0.0.2","shop@10.0.0.3"],"ConnectedPeers":1,"ExpectedPeers":3,)

    set(context.peers, [:"shop@10.0.0.1", :"shop@10.0.0.2", :"shop@10.0.0.3"])
    assert line(~s("MissingPeers":0,)) =~ ~s("ConnectedPeers":3,"ExpectedPeers":3,)
  end

  test "a peer that DNS named shortly isn't missing", context do
    # A rolling deployment: each task is in DNS for less than two intervals before it connects or after it ended.
    start(context)
    test = self()

    spawn_link(fn ->
      for number <- 1..30 do
        set(context.dns, %{"shop.local" => [{10, 0, 1, number}, {10, 0, 1, number + 1}]})
        Process.sleep(div(@interval, 3))
      end

      send(test, :deployed)
    end)

    assert Enum.all?(lines(), &(&1 =~ ~s("MissingPeers":0,)))
  end

  test "a peer that an answer of fewer than 8 leaves out is gone, and an empty answer says nothing",
       context do
    start(context)
    line(~s("MissingPeers":3,))
    set(context.dns, %{"shop.local" => []})
    line(~s("MissingPeers":3,))
    set(context.dns, %{"shop.local" => [{10, 0, 0, 1}]})
    assert line(~s("MissingPeers":1,)) =~ ~s("Missing":["shop@10.0.0.1"])
  end

  test "with more tasks than an answer has, all that answers have named are missing", context do
    # 12 tasks, 8 of them in each answer
    all = for number <- 1..12, do: {10, 0, 2, number}
    start(context, lookup: fn "shop.local" -> Enum.take_random(all, 8) end)
    line(~s("MissingPeers":12,))
  end

  test "a peer of another version answers, and isn't missing", context do
    other? = &(&1 == :"shop@10.0.0.2")
    start(context, env: env(%{"CLUSTER_VERSION" => "v2"}), other_name?: other?)

    assert Enum.all?(lines(), &(not String.contains?(&1, "shop@10.0.0.2")))
    assert line(~s("MissingPeers":2,)) =~ ~s("Missing":["shop@10.0.0.1","shop@10.0.0.3"])
  end

  test "with one version, nobody is asked for its name", context do
    start(context, other_name?: fn _ -> flunk("asked") end)
    line(~s("MissingPeers":3,))
  end

  test "asks for the names of DNSCluster too, or for its own variable's", context do
    set(context.dns, %{"a.local" => [{10, 0, 0, 4}], "b.local" => [{10, 0, 0, 5}]})
    variables = %{"CLUSTER_NODES" => "", "DNS_CLUSTER_QUERY" => "a.local,worker@b.local"}
    start(context, env: env(variables))
    assert line(~s("MissingPeers":2,)) =~ ~s("Missing":["nonode@10.0.0.4","worker@10.0.0.5"])
    stop_supervised!(Metrics)

    start(context, env: env(%{"CLUSTER_METRICS_NODES" => "worker@b.local"}))
    assert line(~s("MissingPeers":1,)) =~ ~s("Missing":["worker@10.0.0.5"])
  end

  test "counts connections that ended, and those that came back", context do
    metrics = start(context)
    send(metrics, {:nodedown, :"shop@10.0.0.1", []})
    send(metrics, {:nodedown, :"shop@10.0.0.2", []})
    send(metrics, {:nodeup, :"shop@10.0.0.2", []})
    send(metrics, {:nodeup, :"shop@10.0.0.3", []})
    assert line(~s("NodeDowns":2,)) =~ ~s("Reconnections":1})
    line(~s("NodeDowns":0,"Reconnections":0}))
  end

  test "a change is in a line soon, and many changes in one", context do
    metrics = start(context, env: env(%{"CLUSTER_METRICS_INTERVAL" => "600000"}))
    assert_receive {:line, _first}
    :sys.suspend(metrics)
    for number <- 1..50, do: send(metrics, {:nodedown, :"shop@10.0.3.#{number}", []})
    :sys.resume(metrics)
    assert %{soon?: true, node_downs: 50} = :sys.get_state(metrics)
    send(metrics, :soon)
    line(~s("NodeDowns":50,))
    assert %{soon?: false, node_downs: 0} = :sys.get_state(metrics)
  end

  test "many changes schedule one line", context do
    metrics = start(context, env: env(%{"CLUSTER_METRICS_INTERVAL" => "3000"}))
    assert_receive {:line, _first}
    for number <- 1..50, do: send(metrics, {:nodedown, :"shop@10.0.3.#{number}", []})
    line(~s("NodeDowns":50,))
    refute_receive {:line, _another}, 50
  end

  test "without CLUSTER_METRICS there are none" do
    assert Metrics.start_link(env: %{}) == :ignore
    assert Metrics.start_link(env: %{"CLUSTER_METRICS" => ""}) == :ignore
  end

  test "a wrong CLUSTER_METRICS doesn't keep the application from starting" do
    log =
      capture_log(fn ->
        assert Metrics.start_link(env: %{"CLUSTER_METRICS" => "prod"}) == :ignore
      end)

    assert log =~ ~s(CLUSTER_METRICS is "prod", which isn't environment/cluster/service)
  end
end
