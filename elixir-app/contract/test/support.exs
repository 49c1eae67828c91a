defmodule Contract.Network do
  @moduledoc """
  Nodes that exist in name only, so that a test sees every attempt: the `connect`, `disconnect` and `list_nodes` of a
  topology, as libcluster's README documents them.
  """

  use Agent

  def start_link(options) do
    state = Map.merge(%{connected: [], answers: %{}, delay: 0, test: self()}, Map.new(options))
    Agent.start_link(fn -> state end)
  end

  def topology(network) do
    [
      connect: {__MODULE__, :connect, [network]},
      disconnect: {__MODULE__, :disconnect, [network]},
      list_nodes: {__MODULE__, :list, [network]}
    ]
  end

  def answer(network, node, answer) do
    Agent.update(network, &%{&1 | answers: Map.put(&1.answers, node, answer)})
  end

  def connect(network, node), do: attempt(network, :connect, node)
  def disconnect(network, node), do: attempt(network, :disconnect, node)
  def list(network), do: Agent.get(network, & &1.connected)

  defp attempt(network, action, node) do
    %{answers: answers, delay: delay, test: test} = Agent.get(network, & &1)
    answer = Map.get(answers, node, true)
    send(test, {action, node})
    Process.sleep(delay)
    if answer == true, do: Agent.update(network, &apply_change(&1, action, node))
    send(test, {:done, action, node})
    answer
  end

  defp apply_change(state, :connect, node), do: %{state | connected: [node | state.connected]}

  defp apply_change(state, :disconnect, node),
    do: %{state | connected: List.delete(state.connected, node)}
end

defmodule Contract.Nameserver do
  @moduledoc """
  A DNS server for this VM's resolver: answers A and AAAA queries with what it is given.
  """

  def start(records) do
    {:ok, socket} = :gen_udp.open(0, [:binary, ip: {127, 0, 0, 1}, active: false])
    {:ok, port} = :inet.port(socket)
    pid = spawn_link(fn -> loop(socket, records) end)
    :ok = :gen_udp.controlling_process(socket, pid)
    :ok = :inet_db.set_lookup([:dns])
    # Or the next query reads the machine's servers from there again.
    :ok = :inet_db.set_resolv_conf(~c"")
    :ok = :inet_db.res_option(:nameservers, [{{127, 0, 0, 1}, port}])
  end

  defp loop(socket, records) do
    {:ok, {address, port, packet}} = :gen_udp.recv(socket, 0)
    {:ok, query} = :inet_dns.decode(packet)
    [question] = :inet_dns.msg(query, :qdlist)
    type = :inet_dns.dns_query(question, :type)
    domain = :inet_dns.dns_query(question, :domain)

    answers =
      for ip <- Map.get(records, type, []) do
        :inet_dns.make_rr(domain: domain, type: type, class: :in, ttl: 0, data: ip)
      end

    header = :inet_dns.make_header(:inet_dns.msg(query, :header), qr: true, ra: true)
    reply = :inet_dns.make_msg(header: header, qdlist: [question], anlist: answers)
    :gen_udp.send(socket, address, port, :inet_dns.encode(reply))
    loop(socket, records)
  end
end
