defmodule DNSCluster do
  @moduledoc """
  Connects to `basename@ip` for each address that `query` resolves to, all at once, and never disconnects a node. The first
  poll comes right after the start.

  Options: `query` (a DNS name, `{basename, name}`, a list of these, or `:ignore`; a name alone has the basename of this
  node), `interval` (ms, default 5000), `connect_timeout` (ms, default 10,000), `name` (default `DNSCluster`), and `resolver`,
  a module in place of `DNSCluster.Resolver`.
  """

  use GenServer

  require Logger

  defmodule Resolver do
    @moduledoc false

    def basename(node), do: node |> Atom.to_string() |> String.split("@") |> hd()
    def connect_node(node), do: Node.connect(node)
    def list_nodes, do: Node.list(:visible)

    def lookup(query, type) do
      case :inet_res.getbyname(String.to_charlist(query), type) do
        {:ok, {:hostent, _name, _aliases, _type, _length, addresses}} -> addresses
        {:error, _reason} -> []
      end
    end
  end

  def start_link(options) do
    GenServer.start_link(__MODULE__, options, name: Keyword.get(options, :name, __MODULE__))
  end

  @impl true
  def init(options) do
    case Keyword.fetch(options, :query) do
      {:ok, :ignore} ->
        :ignore

      {:ok, query} ->
        queries = List.wrap(query)
        if not Enum.all?(queries, &valid?/1), do: raise(ArgumentError, expected(query))

        Logger.warning(
          "dns_cluster is the stand-in of src/lab/local-aws/dns_cluster, not the real one"
        )

        resolver = Keyword.get(options, :resolver, Resolver)

        state = %{
          queries: queries,
          resolver: resolver,
          basename: resolver.basename(node()),
          interval: Keyword.get(options, :interval, 5_000),
          connect_timeout: Keyword.get(options, :connect_timeout, 10_000)
        }

        {:ok, state, {:continue, :poll}}

      :error ->
        raise ArgumentError, "missing required :query option in #{inspect(options)}"
    end
  end

  @impl true
  def handle_continue(:poll, state), do: poll(state)

  @impl true
  def handle_info(:poll, state), do: poll(state)

  defp poll(%{resolver: resolver} = state) do
    connected = resolver.list_nodes()
    found = for query <- state.queries, node <- nodes(query, state), uniq: true, do: node

    (found -- connected)
    |> Task.async_stream(&resolver.connect_node/1,
      max_concurrency: max(1, length(found)),
      timeout: state.connect_timeout
    )
    |> Stream.run()

    Process.send_after(self(), :poll, state.interval)
    {:noreply, state}
  end

  defp nodes({basename, query}, %{resolver: resolver}) do
    for type <- [:a, :aaaa],
        address <- resolver.lookup(query, type),
        do: :"#{basename}@#{:inet.ntoa(address)}"
  end

  defp nodes(query, state), do: nodes({state.basename, query}, state)

  defp valid?({basename, query}), do: is_binary(basename) and is_binary(query)
  defp valid?(query), do: is_binary(query)

  defp expected(query),
    do: "expected :query to be a string, {basename, query}, or list, got: #{inspect(query)}"
end
