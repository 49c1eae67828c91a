defmodule Myapp.Test.Nameserver do
  @moduledoc """
  A DNS server for this VM: answers A and AAAA queries with the given records.
  """

  def start(records) do
    {:ok, socket} = :gen_udp.open(0, [:binary, ip: {127, 0, 0, 1}, active: false])
    {:ok, port} = :inet.port(socket)
    pid = spawn_link(fn -> loop(socket, records) end)
    :ok = :gen_udp.controlling_process(socket, pid)
    ask(port)
  end

  @doc "From now on, this VM sends its queries to that port."
  def ask(port) do
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
