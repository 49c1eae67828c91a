defmodule Myapp.Http do
  @moduledoc """
  Serves three paths over HTTP, with OTP's own `:httpd`.

    * `GET /health` - 200 as soon as the application runs, whether it has found peers or not: a health check that waits
      for peers would stop the first task of a cluster
    * `GET /cluster` - `Myapp.Cluster.view/0` as JSON for this machine and for peers; 403 for everyone else, such as
      visitors who come through a load balancer (`Myapp.Http.Visitor`)
    * `GET /` - the same as a page; everyone else reads only that the application runs
  """

  alias Myapp.Cluster
  alias Myapp.Http.{Page, Visitor}

  require Record

  Record.defrecordp(:request, :mod, Record.extract(:mod, from_lib: "inets/include/httpd.hrl"))

  Record.defrecordp(
    :connection,
    :init_data,
    Record.extract(:init_data, from_lib: "inets/include/httpd.hrl")
  )

  @doc """
  The TCP port from `PORT`, 1 to 65535 (default: 4000), or an `ArgumentError`.
  """
  @spec port!(%{String.t() => String.t()}) :: :inet.port_number()
  def port!(env) do
    case Integer.parse(Map.get(env, "PORT", "4000")) do
      {port, ""} when port in 1..65_535 ->
        port

      _other ->
        raise ArgumentError,
              "PORT is #{inspect(env["PORT"])}; it must be a TCP port, 1 to 65535. For example: PORT=4000"
    end
  end

  @doc false
  def child_spec(port: port) do
    # httpd requires folders even where it serves no files.
    folder = :code.lib_dir(:myapp)

    config = [
      port: port,
      bind_address: :any,
      server_name: ~c"myapp",
      server_root: folder,
      document_root: folder,
      modules: [__MODULE__]
    ]

    %{
      id: __MODULE__,
      start: {:inets, :start, [:httpd, config, :stand_alone]},
      type: :supervisor
    }
  end

  @doc false
  # The callback of httpd's modules: https://www.erlang.org/doc/man/httpd.html#Module:do-1
  def unquote(:do)(request(method: method, request_uri: uri) = request) do
    path = uri |> List.to_string() |> String.split("?") |> hd()
    {status, type, body} = answer(method, path, fn -> trusted?(request) end)

    head = [
      code: status,
      content_type: String.to_charlist(type),
      content_length: body |> byte_size() |> Integer.to_charlist(),
      cache_control: ~c"no-store"
    ]

    {:proceed, [response: {:response, head, if(method == ~c"HEAD", do: [], else: [body])}]}
  end

  defp answer(method, _path, _trusted?) when method not in [~c"GET", ~c"HEAD"],
    do: {405, "text/plain", "GET or HEAD only\n"}

  defp answer(_method, "/health", _trusted?), do: {200, "text/plain", "ok\n"}

  defp answer(_method, "/cluster", trusted?) do
    if trusted?.(),
      do: {200, "application/json", JSON.encode!(Cluster.view()) <> "\n"},
      else: {403, "text/plain", "This node shows its cluster to its own machine and its peers\n"}
  end

  defp answer(_method, "/", trusted?) do
    page = if trusted?.(), do: Page.render(Cluster.view()), else: Page.for_others()
    {200, "text/html; charset=utf-8", page}
  end

  defp answer(_method, _path, _trusted?),
    do: {404, "text/plain", "Not found. There are /, /cluster and /health\n"}

  defp trusted?(request(init_data: connection(peername: peername), parsed_header: headers)) do
    headers = for {name, value} <- headers, do: {to_string(name), to_string(value)}
    Visitor.trusted?(address(peername), headers, Cluster.view().members)
  end

  # httpd gives {port, address} as text.
  defp address({_port, address}), do: to_string(address)
end
