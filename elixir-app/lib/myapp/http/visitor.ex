defmodule Myapp.Http.Visitor do
  @moduledoc """
  Who may see the cluster over HTTP: this machine and the connected peers.

  A load balancer passes requests from the internet on, and the names and addresses of nodes don't belong there. A peer is
  recognized by the address that the connection comes from. Headers never give access, because anyone can write them. They
  only take it away: a request that carries a proxy's header is refused even from this machine, since a sidecar that
  serves the internet (ECS Service Connect, Envoy, nginx) connects from there.
  """

  # https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers#proxies, and the headers of Envoy and AWS.
  @forwarded ~w(forwarded via x-forwarded-for x-forwarded-host x-forwarded-proto x-forwarded-port x-real-ip
    x-amzn-trace-id x-envoy-external-address x-envoy-expected-rq-timeout-ms)

  @doc """
  Whether a connection from `address` with these headers may see the cluster; `nodes` are this node and its peers.

      iex> nodes = [:"myapp@10.0.1.11", :"myapp@10.0.1.12"]
      iex> Myapp.Http.Visitor.trusted?("127.0.0.1", [], nodes)
      true
      iex> Myapp.Http.Visitor.trusted?("10.0.1.12", [], nodes)
      true
      iex> Myapp.Http.Visitor.trusted?("10.0.1.99", [{"x-forwarded-for", "127.0.0.1"}], nodes)
      false
      iex> Myapp.Http.Visitor.trusted?("127.0.0.1", [{"x-forwarded-for", "127.0.0.1"}], nodes)
      false
  """
  @spec trusted?(String.t(), [{String.t(), String.t()}], [node()]) :: boolean()
  def trusted?(address, headers, nodes) do
    case :inet.parse_strict_address(String.to_charlist(address)) do
      {:ok, ip} ->
        not Enum.any?(headers, &forwarded?/1) and (loopback?(ip) or plain(ip) in addresses(nodes))

      {:error, :einval} ->
        false
    end
  end

  defp forwarded?({name, _value}), do: String.downcase(name) in @forwarded

  defp loopback?(ip) do
    case plain(ip) do
      {127, _, _, _} -> true
      {0, 0, 0, 0, 0, 0, 0, 1} -> true
      _other -> false
    end
  end

  # An IPv4 address as a socket for both families has it: ::ffff:10.0.1.11.
  defp plain({0, 0, 0, 0, 0, 0xFFFF, high, low}) do
    <<a, b, c, d>> = <<high::16, low::16>>
    {a, b, c, d}
  end

  defp plain(ip), do: ip

  defp addresses(nodes) do
    for node <- nodes,
        [_basename, host] <- [node |> Atom.to_string() |> String.split("@", parts: 2)],
        {:ok, ip} <- [:inet.parse_strict_address(String.to_charlist(host))],
        do: ip
  end
end
