defmodule Myapp.Cluster.MetricsTest do
  use ExUnit.Case, async: true

  import ExUnit.CaptureLog

  alias Myapp.Cluster.Metrics

  # Longer than a test: time passes by `ask/0` and `interval/0` alone, on a clock of the test's own.
  @interval 600_000
  @clock __MODULE__.Clock

  @addresses [{10, 0, 0, 1}, {10, 0, 0, 2}, {10, 0, 0, 3}]

  setup do
    {:ok, dns} = Agent.start_link(fn -> %{"shop.local" => @addresses} end)
    {:ok, peers} = Agent.start_link(fn -> [] end)
    {:ok, _clock} = Agent.start_link(fn -> 0 end, name: @clock)
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
          connected: fn -> Agent.get(context.peers, & &1) end,
          now: fn -> Agent.get(@clock, & &1) end
        ],
        options
      )

    metrics = start_supervised!({Metrics, options})
    assert_receive {:line, _first}, 5_000
    metrics
  end

  defp set(agent, value), do: Agent.update(agent, fn _ -> value end)

  # A third of an interval passes, and DNS is asked.
  defp ask do
    Agent.update(@clock, &(&1 + div(@interval, 3)))
    send(Metrics, :ask_dns)
  end

  # The line at the end of an interval.
  defp report do
    send(Metrics, :interval)
    assert_receive {:line, line}, 5_000
    line
  end

  defp interval do
    for _third <- 1..3, do: ask()
    report()
  end

  # The line of the next interval that has this in it, among the next hundred.
  defp line(part) do
    Enum.find_value(1..100, fn _ -> with_part(interval(), part) end) ||
      flunk("no line with #{part}")
  end

  defp with_part(line, part), do: if(line =~ part, do: line)

  defp lines, do: for(_ <- 1..10, do: interval())

  test "a line is JSON in the embedded metric format", context do
    start(context)
    line = report()

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

    for number <- 1..30 do
      set(context.dns, %{"shop.local" => [{10, 0, 1, number}, {10, 0, 1, number + 1}]})
      ask()
      if rem(number, 3) == 0, do: assert(report() =~ ~s("MissingPeers":0,))
    end
  end

  test "a peer that an answer of fewer than 8 leaves out is gone, and an empty answer says nothing",
       context do
    start(context)
    line(~s("MissingPeers":3,))
    set(context.dns, %{"shop.local" => []})
    for _ <- 1..3, do: assert(interval() =~ ~s("MissingPeers":3,))
    assert interval() =~ ~s("MissingPeers":0,)

    set(context.dns, %{"shop.local" => @addresses})
    line(~s("MissingPeers":3,))
    set(context.dns, %{"shop.local" => [{10, 0, 0, 1}]})
    line = interval()
    assert line =~ ~s("MissingPeers":1,)
    assert line =~ ~s("Missing":["shop@10.0.0.1"])
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
    :sys.suspend(metrics)
    for number <- 1..50, do: send(metrics, {:nodedown, :"shop@10.0.3.#{number}", []})
    :sys.resume(metrics)
    assert %{soon?: true, node_downs: 50} = :sys.get_state(metrics)
    send(metrics, :soon)
    assert_receive {:line, line}, 5_000
    assert line =~ ~s("NodeDowns":50,)
    assert %{soon?: false, node_downs: 0} = :sys.get_state(metrics)
  end

  test "many changes schedule one line", context do
    metrics = start(context, env: env(%{"CLUSTER_METRICS_INTERVAL" => "3000"}))
    for number <- 1..50, do: send(metrics, {:nodedown, :"shop@10.0.3.#{number}", []})
    assert_receive {:line, line}, 5_000
    assert line =~ ~s("NodeDowns":50,)
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
