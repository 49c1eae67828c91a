defmodule Myapp.Cluster.Topologies do
  @moduledoc """
  libcluster's topologies from the environment that the task definition gives: one `DNSPoll` for each service.

  | variable | meaning | default |
  |---|---|---|
  | `CLUSTER_NODES` | comma-separated `basename@dns-name`: this service and those it clusters with | none: no cluster |
  | `CLUSTER_RESOLVER` | `members`: `Myapp.Cluster.Resolver`; `stock`: libcluster's own, which drops whoever is missing from a DNS answer | `members` |
  | `CLUSTER_POLLING_INTERVAL` | milliseconds between two polls | 1000 |
  | `DISTRIBUTION_MODE`, `DISTRIBUTION_PORT_MIN` | where the resolver knocks: in `single-port` mode at that port, otherwise at epmd's | `epmd`, 9000 |

  libcluster's moduledoc calls its key `poll_interval`, which it ignores; it reads `polling_interval`.
  """

  alias Myapp.Cluster.Resolver

  @example "CLUSTER_NODES=myapp@myapp.organization.local,myapp2@myapp2.organization.local"

  @doc """
  The topologies, or an `ArgumentError` that says which variable is wrong and shows a right one.
  """
  @spec from_env!(%{String.t() => String.t()}) :: keyword()
  def from_env!(env) do
    interval = positive!(env, "CLUSTER_POLLING_INTERVAL", 1000)

    for {basename, query} <- nodes!(Map.get(env, "CLUSTER_NODES", "")) do
      {:"#{basename}@#{query}",
       strategy: Cluster.Strategy.DNSPoll,
       config:
         [polling_interval: interval, query: query, node_basename: basename] ++
           resolver!(env, basename)}
    end
  end

  defp nodes!(""), do: []

  defp nodes!(value) do
    entries = value |> String.split(",") |> Enum.map(&String.trim/1)
    repeated = entries -- Enum.uniq(entries)

    if repeated != [] do
      raise ArgumentError, "CLUSTER_NODES names #{hd(repeated)} twice. For example: #{@example}"
    end

    Enum.map(entries, fn entry ->
      case Regex.run(entry_format(), entry, capture: :all_but_first) do
        [basename, query] ->
          {basename, query}

        nil ->
          raise ArgumentError,
                "CLUSTER_NODES holds #{inspect(entry)}, which isn't basename@dns-name. For example: #{@example}"
      end
    end)
  end

  # The last label of a name has a letter first: an address is no name.
  defp entry_format do
    ~r/\A([a-z0-9_-]+)@((?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)*[a-z][a-z0-9-]*)\z/i
  end

  defp resolver!(env, basename) do
    case Map.get(env, "CLUSTER_RESOLVER", "members") do
      "members" ->
        [resolver: Resolver.new(basename, port: entry_port!(env))]

      "stock" ->
        []

      other ->
        raise ArgumentError,
              "CLUSTER_RESOLVER is #{inspect(other)}; it must be members or stock. For example: CLUSTER_RESOLVER=members"
    end
  end

  defp entry_port!(env) do
    case Map.get(env, "DISTRIBUTION_MODE", "epmd") do
      "epmd" ->
        positive!(env, "ERL_EPMD_PORT", 4369)

      "single-port" ->
        positive!(env, "DISTRIBUTION_PORT_MIN", 9000)

      other ->
        raise ArgumentError,
              "DISTRIBUTION_MODE is #{inspect(other)}; it must be epmd or single-port. For example: DISTRIBUTION_MODE=epmd"
    end
  end

  defp positive!(env, name, default) do
    case Integer.parse(Map.get(env, name, "#{default}")) do
      {number, ""} when number > 0 ->
        number

      _other ->
        raise ArgumentError,
              "#{name} is #{inspect(env[name])}; it must be a whole number above 0. For example: #{name}=#{default}"
    end
  end
end
