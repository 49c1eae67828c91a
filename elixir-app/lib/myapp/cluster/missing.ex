defmodule Myapp.Cluster.Missing do
  @moduledoc """
  Which peers DNS names and this node isn't connected to.

  A container doesn't know how many tasks ECS wants. Their number from outside would be wrong during each deployment and each
  change by autoscaling, when tasks start and end all the time. DNS names the tasks that run, so this module asks it three
  times in each interval:

    * A peer counts as missing when answers over two intervals have named it, and it isn't connected. A task that starts
      connects sooner, and one that ends leaves DNS sooner. So a rolling deployment has no missing peers.
    * Cloud Map puts at most 8 addresses into an answer, a different choice each time. A peer that isn't in such an answer
      stays as it was. It is forgotten when no answer has named it for four intervals.
    * Fewer than 8 addresses are all there are: what isn't among them is gone. An empty answer says nothing.
    * With two versions side by side (`CLUSTER_VERSION`), DNS also names tasks of the other version. They answer, and have
      another name, so they aren't missing.
  """

  # Addresses in an answer of Cloud Map: https://docs.aws.amazon.com/cloud-map/latest/api/API_DnsConfig.html
  @dns_record_limit 8

  # `named` has the peers that DNS names and that aren't connected: under which name, since when, and when last.
  @enforce_keys [:names, :apart?, :interval, :lookup, :other_name?]
  defstruct [:names, :apart?, :interval, :lookup, :other_name?, named: %{}]

  @opaque t :: %__MODULE__{}

  @doc "`interval` is in milliseconds. `look` has the functions `:lookup` and `:other_name?`, as those below."
  @spec new(%{String.t() => String.t()}, pos_integer(), keyword()) :: t()
  def new(env, interval, look) do
    apart? = Map.get(env, "CLUSTER_VERSION", "") != ""
    struct!(__MODULE__, [names: names(env), apart?: apart?, interval: interval] ++ look)
  end

  @doc "Asks DNS. `now` is in milliseconds of a clock that doesn't go back."
  @spec ask(t(), [node()], integer()) :: t()
  def ask(%__MODULE__{} = missing, connected, now) do
    named =
      Enum.reduce(missing.names, missing.named, fn {basename, host}, named ->
        case missing.lookup.(host) do
          [] -> named
          addresses -> name(named, host, Enum.map(addresses, &node_name(basename, &1)), now)
        end
      end)
      |> Map.drop([node() | connected])
      |> Map.filter(fn {_node, {_host, _since, last}} -> now - last < 4 * missing.interval end)

    missing = %{missing | named: named}
    others = if missing.apart?, do: Enum.filter(nodes(missing), missing.other_name?), else: []
    %{missing | named: Map.drop(named, others)}
  end

  @doc "The peers that answers over two intervals have named, in no order."
  @spec nodes(t()) :: [node()]
  def nodes(%__MODULE__{named: named, interval: interval}) do
    for {node, {_host, since, last}} <- named, last - since >= 2 * interval, do: node
  end

  defp name(named, host, nodes, now) do
    complete? = length(nodes) < @dns_record_limit

    named
    |> Map.reject(fn {node, {under, _since, _last}} ->
      complete? and under == host and node not in nodes
    end)
    |> Map.merge(Map.new(nodes, &{&1, {host, now, now}}), fn _node, {_, since, _}, _new ->
      {host, since, now}
    end)
  end

  defp names(env) do
    ~w(CLUSTER_METRICS_NODES CLUSTER_NODES DNS_CLUSTER_QUERY)
    |> Enum.map(&Map.get(env, &1, ""))
    |> Enum.find("", &(&1 != ""))
    |> String.split([",", " "], trim: true)
    |> Enum.map(fn name ->
      case String.split(name, "@") do
        [host] -> {basename(node()), host}
        [basename, host] -> {basename, host}
      end
    end)
  end

  defp basename(node), do: node |> Atom.to_string() |> String.split("@") |> hd()

  # The atoms are those of tasks, and discovery makes them too.
  defp node_name(basename, address), do: :"#{basename}@#{:inet.ntoa(address)}"

  @doc "The A records of a name."
  @spec lookup(String.t()) :: [:inet.ip4_address()]
  def lookup(host), do: :inet_res.lookup(String.to_charlist(host), :in, :a, [], 2_000)

  @doc """
  Whether a node of another name answers at a node's address: by a question to epmd, or without epmd by a connection to the
  one port. A node that is cut off doesn't answer, and is missing.
  """
  @spec other_name?(node()) :: boolean()
  def other_name?(node) do
    [basename, address] = node |> Atom.to_string() |> String.split("@")
    {:ok, address} = address |> String.to_charlist() |> :inet.parse_address()
    task = Task.async(fn -> answers_as_other?(String.to_charlist(basename), address) end)

    case Task.yield(task, 1_000) || Task.shutdown(task, :brutal_kill) do
      {:ok, other?} -> other?
      nil -> false
    end
  end

  defp answers_as_other?(basename, address) do
    case :init.get_argument(:erl_epmd_port) do
      :error ->
        case :erl_epmd.names(address) do
          {:ok, names} -> not Enum.any?(names, &match?({^basename, _port}, &1))
          {:error, _reason} -> false
        end

      # Without epmd nobody knows the name: a node that accepts and doesn't connect has another one.
      {:ok, [[port] | _]} ->
        match?({:ok, _socket}, :gen_tcp.connect(address, List.to_integer(port), []))
    end
  end
end
