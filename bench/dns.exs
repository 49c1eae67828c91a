defmodule Dns do
  @moduledoc "Lists 8 of the addresses: others for each query (`:random`), or the same ones for 10 s (`:cached`)."

  def start do
    {:ok, socket} = :gen_udp.open(0, [:binary, ip: {127, 0, 0, 1}, active: false])

    {:ok, _agent} =
      Agent.start_link(fn -> %{mode: :random, addresses: [], cache: nil} end, name: Dns)

    spawn_link(fn -> loop(socket) end)
    {:ok, port} = :inet.port(socket)
    port
  end

  def list(addresses), do: Agent.update(Dns, &%{&1 | addresses: addresses, cache: nil})

  @doc "Lists another address, in answers that aren't cached yet."
  def add(address), do: Agent.update(Dns, &%{&1 | addresses: [address | &1.addresses]})

  def mode(mode), do: Agent.update(Dns, &%{&1 | mode: mode})

  defp loop(socket) do
    {:ok, {address, port, packet}} = :gen_udp.recv(socket, 0)
    {:ok, query} = :inet_dns.decode(packet)
    [question] = :inet_dns.msg(query, :qdlist)
    [domain, type] = for field <- [:domain, :type], do: :inet_dns.dns_query(question, field)

    case if(type == :a, do: Agent.get_and_update(Dns, &answer/1), else: []) do
      :silent ->
        :ok

      ips ->
        answers =
          for ip <- ips,
              do: :inet_dns.make_rr(domain: domain, type: :a, class: :in, ttl: 0, data: ip)

        header = :inet_dns.make_header(:inet_dns.msg(query, :header), qr: true, ra: true)
        reply = :inet_dns.make_msg(header: header, qdlist: [question], anlist: answers)
        :gen_udp.send(socket, address, port, :inet_dns.encode(reply))
    end

    loop(socket)
  end

  defp answer(%{mode: :silent} = state), do: {:silent, state}
  defp answer(%{mode: :random} = state), do: {Enum.take_random(state.addresses, 8), state}

  defp answer(%{mode: :cached, cache: cache} = state) do
    now = System.monotonic_time(:millisecond)

    case cache do
      {until, ips} when until > now ->
        {ips, state}

      _old ->
        Enum.take_random(state.addresses, 8) |> then(&{&1, %{state | cache: {now + 10_000, &1}}})
    end
  end
end
