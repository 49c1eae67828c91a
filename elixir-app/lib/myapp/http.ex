defmodule Myapp.Http do
  @moduledoc """
  Serves five paths over HTTP, with OTP's own `:httpd`.

    * `GET /health` - 200 as soon as the application runs, whether it has found peers or not: a health check that waits
      for peers would stop the first task of a cluster; 503 while it stops (`Myapp.Http.Drainer`), and with
      `HEALTH_AFTER_DISCOVERY=true` also before discovery has polled once (`Myapp.Cluster.FirstPoll`)
    * `GET /cluster` - `Myapp.Cluster.view/0` as JSON for this machine and for peers; 403 for everyone else, such as
      visitors who come through a load balancer (`Myapp.Http.Visitor`)
    * `GET /` - the same as a page; everyone else reads only that the application runs
    * `GET /slow?seconds=20` - a response that takes so long, 60 seconds at most: to try a deployment with it
    * `GET /socket` - a WebSocket that echoes (`Myapp.Http.WebSocket`)

  A load balancer must give up an idle connection before this server does, or it sends a request into a connection that
  closes: `:httpd` keeps one for 150 s, an Application Load Balancer for 60 s by default.
  """

  alias Myapp.Cluster
  alias Myapp.Cluster.FirstPoll
  alias Myapp.Http.{Drainer, Page, Visitor, WebSocket}

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

  @doc """
  Whether `/health` waits for the first poll, from `HEALTH_AFTER_DISCOVERY` (default: false), or an `ArgumentError`.
  """
  @spec health_after_discovery!(%{String.t() => String.t()}) :: boolean()
  def health_after_discovery!(env) do
    case Map.get(env, "HEALTH_AFTER_DISCOVERY", "false") do
      value when value in ["true", "false"] ->
        value == "true"

      other ->
        raise ArgumentError,
              "HEALTH_AFTER_DISCOVERY is #{inspect(other)}; it must be true or false. For example: HEALTH_AFTER_DISCOVERY=true"
    end
  end

  defp waits_for_discovery? do
    Application.get_env(:myapp, :health_after_discovery, false) and not FirstPoll.over?()
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
      # Each WebSocket is one of them for as long as it is open.
      max_clients: 1_000,
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
    {path, query} = split(List.to_string(uri))

    case {method, path} do
      {~c"GET", "/socket"} -> socket(request)
      _other -> Drainer.open(:request, fn -> respond(request, method, path, query) end)
    end
  end

  defp respond(request, method, path, query) do
    {status, type, body} = answer(method, path, query, fn -> trusted?(request) end)

    head = [
      code: status,
      content_type: String.to_charlist(type),
      content_length: body |> byte_size() |> Integer.to_charlist(),
      cache_control: ~c"no-store"
    ]

    head = if Drainer.draining?(), do: head ++ [connection: ~c"close"], else: head
    {:proceed, [response: {:response, head, if(method == ~c"HEAD", do: [], else: [body])}]}
  end

  # httpd's process of the connection serves the WebSocket until its end. It is registered before anyone can see that the
  # socket is open: the drainer would otherwise miss one whose client has its answer already.
  defp socket(request(socket: socket) = request) do
    case WebSocket.handshake(headers(request)) do
      {101, headers} ->
        Drainer.open(:socket, fn ->
          if Drainer.draining?(),
            do: send_head(socket, 503, [{"connection", "close"}]),
            else: with(:ok <- send_head(socket, 101, headers), do: WebSocket.serve(socket))
        end)

      {status, headers} ->
        send_head(socket, status, headers)
    end

    :done
  end

  defp send_head(socket, status, headers) do
    lines = for {name, value} <- headers, do: [name, ": ", value, "\r\n"]
    length = if status == 101, do: [], else: "content-length: 0\r\n"
    reason = :httpd_util.reason_phrase(status)
    :gen_tcp.send(socket, ["HTTP/1.1 #{status} #{reason}\r\n", lines, length, "\r\n"])
  end

  defp split(uri) do
    %URI{path: path, query: query} = URI.parse(uri)
    {path || "/", URI.decode_query(query || "")}
  end

  defp answer(method, _path, _query, _trusted?) when method not in [~c"GET", ~c"HEAD"],
    do: {405, "text/plain", "GET or HEAD only\n"}

  defp answer(_method, "/health", _query, _trusted?) do
    cond do
      Drainer.draining?() -> {503, "text/plain", "stopping\n"}
      waits_for_discovery?() -> {503, "text/plain", "looking for peers\n"}
      true -> {200, "text/plain", "ok\n"}
    end
  end

  defp answer(_method, "/slow", query, _trusted?) do
    case Integer.parse(Map.get(query, "seconds", "")) do
      {seconds, ""} when seconds in 0..60 ->
        Process.sleep(:timer.seconds(seconds))
        {200, "text/plain", "took #{seconds} s\n"}

      _other ->
        {400, "text/plain",
         "seconds must be a whole number, 0 to 60. For example: /slow?seconds=20\n"}
    end
  end

  defp answer(_method, "/cluster", _query, trusted?) do
    if trusted?.(),
      do: {200, "application/json", JSON.encode!(Cluster.view()) <> "\n"},
      else: {403, "text/plain", "This node shows its cluster to its own machine and its peers\n"}
  end

  defp answer(_method, "/", _query, trusted?) do
    page = if trusted?.(), do: Page.render(Cluster.view()), else: Page.for_others()
    {200, "text/html; charset=utf-8", page}
  end

  defp answer(_method, _path, _query, _trusted?),
    do: {404, "text/plain", "Not found. There are /, /cluster, /health, /slow and /socket\n"}

  defp trusted?(request(init_data: connection(peername: peername)) = request),
    do: Visitor.trusted?(address(peername), headers(request), Cluster.view().members)

  defp headers(request(parsed_header: headers)),
    do: for({name, value} <- headers, do: {String.downcase("#{name}"), to_string(value)})

  # httpd gives {port, address} as text.
  defp address({_port, address}), do: to_string(address)
end
