defmodule Myapp.Cluster.ResolverTest do
  use ExUnit.Case

  alias Myapp.Cluster.Resolver

  @query "myapp.organization.local"

  # Tasks are addresses of the loopback network that listen on one port, as they do on 4369. Nobody takes the connections
  # off the backlog.
  defp listen(addresses) do
    {:ok, first} = :gen_tcp.listen(0, ip: hd(addresses), backlog: 128)
    {:ok, port} = :inet.port(first)

    for address <- tl(addresses) do
      {:ok, _socket} = :gen_tcp.listen(port, ip: address, backlog: 128)
    end

    port
  end

  # A full backlog: the kernel drops what else comes, as a security group does.
  defp swallow(address, port) do
    {:ok, _socket} = :gen_tcp.listen(port, ip: address, backlog: 0)

    Enum.each(1..4, fn _ -> :gen_tcp.connect(address, port, [], 20) end)
  end

  defp task(number), do: {127, 0, div(number, 250) + 1, rem(number, 250) + 1}

  defp named(addresses, basename \\ "myapp") do
    for address <- addresses, do: :"#{basename}@#{:inet.ntoa(address)}"
  end

  # A resolver that is past its first poll, which never looks at DNS.
  defp resolver(options) do
    resolver = Resolver.new("myapp", Keyword.put_new(options, :nodes, fn -> [] end))
    resolver.(@query)
    resolver
  end

  defp sockets, do: Enum.count(Port.list(), &(Port.info(&1, :name) == {:name, ~c"tcp_inet"}))

  describe "the first poll of a process" do
    test "answers with the members alone, at once" do
      resolver =
        Resolver.new("myapp",
          lookup: fn _query -> flunk("DNS was asked") end,
          nodes: fn -> [:"myapp@10.0.0.1"] end
        )

      assert resolver.(@query) == [{10, 0, 0, 1}]
    end

    test "is one for each query" do
      port = listen([task(1), task(2)])

      lookup = fn
        "a.local" -> [task(1)]
        "b.local" -> [task(2)]
      end

      resolver = Resolver.new("myapp", lookup: lookup, port: port, nodes: fn -> [] end)

      assert resolver.("a.local") == []
      assert resolver.("b.local") == []
      assert resolver.("a.local") == [task(1)]
      assert resolver.("b.local") == [task(2)]
    end

    test "is one for each process" do
      port = listen([task(1)])
      resolver = resolver(lookup: fn _ -> [task(1)] end, port: port)

      assert Task.await(Task.async(fn -> resolver.(@query) end)) == []
      assert resolver.(@query) == [task(1)]
    end
  end

  describe "members" do
    test "stay when the answer is empty" do
      members = [{10, 0, 0, 1}, {10, 0, 0, 2}]
      resolver = resolver(lookup: fn _ -> [] end, nodes: fn -> named(members) end)
      assert resolver.(@query) == members
    end

    test "are those of the basename, not those whose basename it begins" do
      nodes = [:"myapp@10.0.0.1", :"myapp2@10.0.0.2", :"rpc-1-myapp@10.0.0.3", :x@y, :nonode]
      resolver = resolver(lookup: fn _ -> [] end, nodes: fn -> nodes end)
      assert resolver.(@query) == [{10, 0, 0, 1}]
    end

    test "aren't probed" do
      {:ok, socket} = :gen_tcp.listen(0, ip: task(1))
      {:ok, port} = :inet.port(socket)

      resolver =
        resolver(lookup: fn _ -> [task(1)] end, nodes: fn -> named([task(1)]) end, port: port)

      assert resolver.(@query) == [task(1)]
      assert :gen_tcp.accept(socket, 50) == {:error, :timeout}
    end

    test "are read last: who connects during the probe isn't missing" do
      port = listen([task(1)])
      {:ok, connected} = Agent.start_link(fn -> [] end)

      lookup = fn _ ->
        Agent.update(connected, fn _ -> named([{10, 0, 0, 7}]) end)
        [task(1)]
      end

      resolver = resolver(lookup: lookup, nodes: fn -> Agent.get(connected, & &1) end, port: port)

      assert Enum.sort(resolver.(@query)) == [{10, 0, 0, 7}, task(1)]
    end

    test "are Node.list/0 by default" do
      assert resolver(lookup: fn _ -> [] end) |> then(& &1.(@query)) == []
    end
  end

  describe "new addresses" do
    test "are in when they accept, out when they refuse" do
      port = listen([task(1), task(2)])
      resolver = resolver(lookup: fn _ -> [task(1), task(3), task(2)] end, port: port)
      assert resolver.(@query) == [task(1), task(2)]
    end

    test "that swallow cost one timeout, however many they are" do
      port = listen([task(1)])
      swallowing = Enum.map(2..9, &task/1)
      Enum.each(swallowing, &swallow(&1, port))

      resolver = resolver(lookup: fn _ -> swallowing ++ [task(1)] end, port: port)
      {microseconds, answer} = :timer.tc(fn -> resolver.(@query) end)

      assert answer == [task(1)]
      assert microseconds in 450_000..900_000
    end

    test "may be IPv6" do
      loopback = {0, 0, 0, 0, 0, 0, 0, 1}
      port = listen([loopback])
      resolver = resolver(lookup: fn _ -> [loopback, {0, 0, 0, 0, 0, 0, 0, 2}] end, port: port)
      assert resolver.(@query) == [loopback]
    end

    test "are named once when DNS names them twice" do
      port = listen([task(1)])
      resolver = resolver(lookup: fn _ -> [task(1), task(1)] end, port: port)
      assert resolver.(@query) == [task(1)]
    end
  end

  test "IPv6 members are members" do
    address = {0xFD00, 0, 0, 0, 0, 0, 0, 5}
    resolver = resolver(lookup: fn _ -> [address] end, nodes: fn -> named([address]) end)
    assert resolver.(@query) == [address]
  end

  for size <- [1, 2, 8, 9, 12, 30, 100, 200] do
    test "#{size} tasks, DNS gives a random 8 and the dead among them: none is dropped, all are found" do
      size = unquote(size)
      alive = Enum.map(1..size, &task/1)
      dead = Enum.map((size + 1)..(size + div(size, 4) + 1), &task/1)
      port = listen(alive)
      {:ok, connected} = Agent.start_link(fn -> [] end)

      lookup = fn _ ->
        if :rand.uniform(5) == 1, do: [], else: Enum.take_random(alive ++ dead, 8)
      end

      resolver =
        resolver(
          lookup: lookup,
          nodes: fn -> named(Agent.get(connected, & &1)) end,
          port: port
        )

      polls =
        Enum.find(1..20_000, fn _poll ->
          before = Agent.get(connected, & &1)
          answer = resolver.(@query)

          assert before -- answer == [], "living nodes dropped"
          assert answer -- alive == [], "dead addresses kept"
          Agent.update(connected, fn _ -> answer end)
          length(answer) == size
        end)

      assert polls
    end
  end

  for trapping <- [false, true] do
    test "leaves no message, process or socket behind (trap_exit #{trapping})" do
      Process.flag(:trap_exit, unquote(trapping))
      port = listen([task(1), task(2)])
      swallow(task(3), port)

      resolver =
        resolver(
          lookup: fn _ -> [task(1), task(2), task(3), task(4)] end,
          port: port,
          probe_timeout: 50
        )

      # What the runtime starts once and keeps.
      resolver.(@query)
      before = {length(Process.list()), sockets()}

      for _ <- 1..10, do: assert(resolver.(@query) == [task(1), task(2)])

      assert Process.info(self(), :messages) == {:messages, []}
      Process.sleep(50)
      {processes, sockets} = before
      assert length(Process.list()) <= processes
      assert sockets() <= sockets
    end
  end

  test "a DNS server that is silent costs at most two seconds, and no member" do
    {:ok, silent} = :gen_udp.open(0, ip: {127, 0, 0, 1})
    {:ok, port} = :inet.port(silent)
    :ok = :inet_db.set_resolv_conf(~c"")
    :ok = :inet_db.set_lookup([:dns])
    :ok = :inet_db.res_option(:nameservers, [{{127, 0, 0, 1}, port}])

    resolver = resolver(nodes: fn -> [:"myapp@10.0.0.1"] end)
    {microseconds, answer} = :timer.tc(fn -> resolver.(@query) end)

    assert answer == [{10, 0, 0, 1}]
    assert microseconds < 2_300_000
    refute_received {:EXIT, _pid, _reason}
  end
end
