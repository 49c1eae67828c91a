defmodule Myapp.Cluster.Topologies do
  @moduledoc """
  libcluster's topologies from the environment of the task: one for each service to cluster with.

  | variable | meaning | default |
  |---|---|---|
  | `CLUSTER_NODES` | comma-separated `basename@dns-name`: this service and those it clusters with | none: no cluster |
  | `CLUSTER_DISCOVERY` | `dns`: `Myapp.Cluster.Strategy`; `dnspoll`: libcluster's `DNSPoll`, which disconnects every node that a DNS answer leaves out; `dns_cluster`, `none`: something other than libcluster, so no topologies | `dns` |
  | `CLUSTER_POLLING_INTERVAL` | milliseconds between two polls | 1000 |
  """

  @example "CLUSTER_NODES=myapp@myapp.organization.local,myapp2@myapp2.organization.local"

  @doc """
  The topologies. Raises an `ArgumentError` that names the wrong variable and shows a right value.
  """
  @spec from_env!(%{String.t() => String.t()}) :: keyword()
  def from_env!(env) do
    strategy = strategy!(env)
    interval = milliseconds!(env, "CLUSTER_POLLING_INTERVAL", 1000)

    for {basename, query} <- nodes!(Map.get(env, "CLUSTER_NODES", "")), strategy != nil do
      config = [query: query, node_basename: basename, polling_interval: interval]
      {:"#{basename}@#{query}", strategy: strategy, config: config}
    end
  end

  defp nodes!(""), do: []

  defp nodes!(value) do
    entries = value |> String.split(",") |> Enum.map(&String.trim/1)
    repeated = entries -- Enum.uniq(entries)

    if repeated != [] do
      raise ArgumentError, "CLUSTER_NODES lists #{hd(repeated)} twice. For example: #{@example}"
    end

    Enum.map(entries, fn entry ->
      case Regex.run(entry_format(), entry, capture: :all_but_first) do
        [basename, query] ->
          {basename, query}

        nil ->
          raise ArgumentError,
                "CLUSTER_NODES contains #{inspect(entry)}, which isn't basename@dns-name. For example: #{@example}"
      end
    end)
  end

  # The last label of a name begins with a letter: an IP address is not a name.
  defp entry_format do
    ~r/\A([a-z0-9_-]+)@((?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)*[a-z][a-z0-9-]*)\z/i
  end

  defp strategy!(env) do
    case Map.get(env, "CLUSTER_DISCOVERY", "dns") do
      "dns" ->
        Myapp.Cluster.Strategy

      "dnspoll" ->
        Cluster.Strategy.DNSPoll

      other when other in ["dns_cluster", "none"] ->
        nil

      other ->
        raise ArgumentError,
              "CLUSTER_DISCOVERY is #{inspect(other)}; it must be dns, dnspoll, dns_cluster or none. For example: CLUSTER_DISCOVERY=dns"
    end
  end

  defp milliseconds!(env, name, default) do
    case Integer.parse(Map.get(env, name, "#{default}")) do
      {number, ""} when number > 0 ->
        number

      _other ->
        raise ArgumentError,
              "#{name} is #{inspect(env[name])}; it must be a whole number above 0. For example: #{name}=#{default}"
    end
  end
end
