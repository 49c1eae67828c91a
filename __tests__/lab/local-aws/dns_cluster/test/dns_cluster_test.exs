defmodule Contract.DNSClusterTest do
  use ExUnit.Case

  alias Myapp.Test.Nameserver

  # Nodes in name only: the module that DNSCluster takes in place of its own functions for DNS and nodes.
  defmodule Network do
    use Agent

    def start_link(state),
      do: Agent.start_link(fn -> Map.put_new(state, :connected, []) end, name: __MODULE__)

    def register(name, addresses),
      do: Agent.update(__MODULE__, &put_in(&1, [:dns, name], addresses))

    def connected, do: Agent.get(__MODULE__, & &1.connected)

    def basename(_node), do: "app"
    def list_nodes, do: connected()

    def lookup(query, :a) do
      %{test: test, dns: dns} = Agent.get(__MODULE__, & &1)
      send(test, {:lookup, query})
      Map.get(dns, query, [])
    end

    def lookup(_query, :aaaa), do: []

    def connect_node(node) do
      %{test: test, silent: silent} = Agent.get(__MODULE__, & &1)
      send(test, {:connect, node})
      if node in silent, do: Process.sleep(:infinity)
      Agent.update(__MODULE__, &%{&1 | connected: [node | &1.connected]})
      true
    end
  end

  @one :"app@10.0.0.1"
  @two :"app@10.0.0.2"

  setup context do
    dns = %{"app.local" => [{10, 0, 0, 1}, {10, 0, 0, 2}]}
    state = %{test: self(), dns: dns, silent: Map.get(context, :silent, [])}
    start_supervised!({Network, Map.merge(state, Map.get(context, :network, %{}))})
    :ok
  end

  defp start(options) do
    start_supervised!({DNSCluster, [resolver: Network, interval: 20] ++ options})
  end

  test "is a child by its module and options, and takes that name" do
    assert start(query: "app.local") == Process.whereis(DNSCluster)
  end

  test "with :ignore, as Phoenix has it without DNS_CLUSTER_QUERY, starts nothing" do
    assert DNSCluster.start_link(query: nil || :ignore) == :ignore
  end

  test "connects to all addresses of the answer, with its own basename" do
    start(query: "app.local")
    assert_receive {:connect, @one}
    assert_receive {:connect, @two}
  end

  test "polls after its start, not in it: what starts next doesn't wait for DNS" do
    {:ok, _state, {:continue, _poll}} = DNSCluster.init(query: "app.local", resolver: Network)
    refute_received {:lookup, _query}
  end

  @tag network: %{connected: [@one]}
  test "doesn't connect to a connected node" do
    start(query: "app.local")
    assert_receive {:connect, @two}
    refute_received {:connect, @one}
  end

  test "keeps every node that an answer leaves out, and finds those of the next one" do
    start(query: "app.local")
    assert_receive {:connect, @two}
    Network.register("app.local", [{10, 0, 0, 3}])
    assert_receive {:connect, :"app@10.0.0.3"}
    Network.register("app.local", [])
    flush()
    for _poll <- 1..3, do: assert_receive({:lookup, _query})
    assert Enum.sort(Network.connected()) == [@one, @two, :"app@10.0.0.3"]
  end

  defp flush do
    receive do
      _message -> flush()
    after
      0 -> :ok
    end
  end

  @tag silent: [:"app@10.0.0.1"]
  test "connects to the others while one doesn't answer" do
    start(query: "app.local", connect_timeout: 60_000)
    assert_receive {:connect, @one}
    assert_receive {:connect, @two}
    assert [@two] = until(&Network.connected/0)
  end

  # The first list that isn't empty. ExUnit ends the test when there never is one.
  defp until(list) do
    fn -> Process.sleep(5) && list.() end |> Stream.repeatedly() |> Enum.find(&(&1 != []))
  end

  test "polls every interval, of 5 s unless it says otherwise" do
    start(query: "app.local")
    for _poll <- 1..3, do: assert_receive({:lookup, "app.local"})

    stop_supervised!(DNSCluster)
    pid = start_supervised!({DNSCluster, resolver: Network, query: "app.local"})
    assert :sys.get_state(pid).interval == 5_000
  end

  test "refuses a query that isn't a name, and a missing one" do
    assert_raise ArgumentError, ~r/^expected :query to be a string.*got: 1$/, fn ->
      DNSCluster.init(query: 1)
    end

    assert_raise ArgumentError, ~r/^missing required :query option/, fn -> DNSCluster.init([]) end
  end

  test "takes a text with commas for one name" do
    start(query: "app.local,jobs.local")
    assert_receive {:lookup, "app.local,jobs.local"}
    refute_received {:connect, _node}
  end

  @tag :one_query
  test "before 0.2 refuses a list" do
    assert_raise ArgumentError, ~r/^expected :query to be a string/, fn ->
      DNSCluster.init(query: ["app.local", "jobs.local"])
    end
  end

  describe "from 0.2 on, a list" do
    @describetag :several_queries

    test "has names of nodes with the same basename, and pairs for other basenames" do
      Network.register("jobs.local", [{10, 0, 0, 7}])
      Network.register("more.local", [{10, 0, 0, 8}])
      start(query: ["app.local", "more.local", {"jobs", "jobs.local"}])

      for node <- [@one, @two, :"app@10.0.0.8", :"jobs@10.0.0.7"],
          do: assert_receive({:connect, ^node})
    end

    test "may have the same address with two basenames" do
      start(query: ["app.local", {"jobs", "app.local"}])
      assert_receive {:connect, @one}
      assert_receive {:connect, :"jobs@10.0.0.1"}
    end

    test "may be empty: nobody is looked for" do
      pid = start(query: [])
      assert :sys.get_state(pid).interval == 20
      refute_received {:lookup, _query}
    end

    test "isn't taken with an entry of another kind" do
      assert_raise ArgumentError, ~r/^expected :query to be a string/, fn ->
        DNSCluster.init(query: ["app.local", :jobs])
      end
    end
  end

  @tag :several_queries
  test "without a resolver asks DNS for A and AAAA records, and connects to the nodes there" do
    Nameserver.start(%{a: [{127, 0, 0, 1}], aaaa: []})
    basename = "other-#{System.pid()}"

    {:ok, _peer, node} =
      :peer.start_link(%{
        name: String.to_atom(basename),
        host: ~c"127.0.0.1",
        longnames: true,
        connection: :standard_io,
        args: [~c"-setcookie", Atom.to_charlist(Node.get_cookie())]
      })

    assert Node.list() == []
    start_supervised!({DNSCluster, query: {basename, "app.local"}, interval: 20})
    assert until(&Node.list/0) == [node]
  end
end
