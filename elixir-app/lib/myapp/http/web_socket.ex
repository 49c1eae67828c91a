defmodule Myapp.Http.WebSocket do
  @moduledoc """
  A WebSocket that echoes every message, on the connection of an `:httpd` request.

  It shows what a deployment does to connections that stay open. A Phoenix application has its own sockets and their
  drainer; this is the least that this sample needs for the same, without a dependency. When `Myapp.Http.Drainer` asks for
  it, the socket closes with status 1012 (service restart), on which clients connect again, to another node.

  See <https://www.rfc-editor.org/rfc/rfc6455> and, for 1012,
  <https://www.iana.org/assignments/websocket/websocket.xhtml#close-code-number>.
  """

  alias Myapp.Http.WebSocket.Frame

  # https://www.rfc-editor.org/rfc/rfc6455#section-1.3
  @guid "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

  @restart 1012

  # How long the client may take to answer a close frame.
  @closing_ms 2_000

  @doc """
  The status and headers that answer a request for a WebSocket; `headers` have lower-case names.

      iex> Myapp.Http.WebSocket.handshake([{"upgrade", "websocket"}, {"connection", "keep-alive, Upgrade"},
      ...>   {"sec-websocket-version", "13"}, {"sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="}])
      {101, [{"upgrade", "websocket"}, {"connection", "Upgrade"}, {"sec-websocket-accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="}]}
      iex> Myapp.Http.WebSocket.handshake([])
      {426, [{"upgrade", "websocket"}, {"connection", "Upgrade"}, {"sec-websocket-version", "13"}]}
  """
  @spec handshake([{String.t(), String.t()}]) :: {101 | 426, [{String.t(), String.t()}]}
  def handshake(headers) do
    key = value(headers, "sec-websocket-key")

    if names(headers, "upgrade", "websocket") and names(headers, "connection", "upgrade") and
         value(headers, "sec-websocket-version") == "13" and
         match?({:ok, <<_::128>>}, Base.decode64(key)) do
      accept = :crypto.hash(:sha, key <> @guid) |> Base.encode64()

      {101,
       [{"upgrade", "websocket"}, {"connection", "Upgrade"}, {"sec-websocket-accept", accept}]}
    else
      {426,
       [{"upgrade", "websocket"}, {"connection", "Upgrade"}, {"sec-websocket-version", "13"}]}
    end
  end

  defp value(headers, name), do: headers |> List.keyfind(name, 0, {name, ""}) |> elem(1)

  defp names(headers, name, token) do
    headers
    |> value(name)
    |> String.downcase()
    |> String.split([",", " "], trim: true)
    |> Enum.member?(token)
  end

  @doc """
  Asks the process of a WebSocket to close it.
  """
  @spec drain(pid()) :: :ok
  def drain(pid) do
    send(pid, {__MODULE__, :drain})
    :ok
  end

  @doc """
  Serves a socket until it is closed. The calling process owns the socket, and has answered the handshake.
  """
  @spec serve(:gen_tcp.socket()) :: :ok
  def serve(socket) do
    :inet.setopts(socket, active: :once)
    loop(socket, <<>>, nil)
    :gen_tcp.close(socket)
  end

  # `parts` is the message of which not all fragments have come: its type and the fragments so far, or nil.
  defp loop(socket, buffer, parts) do
    receive do
      {:tcp, ^socket, data} ->
        case take(socket, buffer <> data, parts) do
          {:open, buffer, parts} ->
            :inet.setopts(socket, active: :once)
            loop(socket, buffer, parts)

          :closed ->
            :ok
        end

      {:tcp_closed, ^socket} ->
        :ok

      {:tcp_error, ^socket, _reason} ->
        :ok

      {__MODULE__, :drain} ->
        close(socket, @restart)
    end
  end

  # Takes all complete frames.
  defp take(socket, buffer, parts) do
    with {:ok, frame, rest} <- Frame.decode(buffer),
         {:open, parts} <- handle(socket, frame, parts) do
      take(socket, rest, parts)
    else
      :more -> {:open, buffer, parts}
      {:error, status} -> close(socket, status)
      :closed -> :closed
    end
  end

  defp handle(socket, %{opcode: :ping, payload: payload}, parts) do
    write(socket, :pong, payload)
    {:open, parts}
  end

  defp handle(_socket, %{opcode: :pong}, parts), do: {:open, parts}

  # The client's own close frame, answered with its status.
  defp handle(socket, %{opcode: :close, payload: payload}, _parts) do
    write(socket, :close, binary_part(payload, 0, min(2, byte_size(payload))))
    :closed
  end

  defp handle(_socket, %{opcode: :continuation}, nil), do: {:error, 1002}

  defp handle(socket, %{opcode: :continuation} = frame, {type, payload}),
    do: message(socket, type, payload <> frame.payload, frame.final)

  defp handle(socket, frame, nil), do: message(socket, frame.opcode, frame.payload, frame.final)
  defp handle(_socket, _frame, _parts), do: {:error, 1002}

  defp message(socket, type, payload, final) do
    cond do
      byte_size(payload) > Frame.max_bytes() -> {:error, 1009}
      not final -> {:open, {type, payload}}
      type == :text and not String.valid?(payload) -> {:error, 1007}
      true -> write(socket, type, payload) && {:open, nil}
    end
  end

  # Waits for the client's answer: data that it sent meanwhile would otherwise make TCP drop the close frame.
  defp close(socket, status) do
    write(socket, :close, <<status::16>>)
    :gen_tcp.shutdown(socket, :write)
    until_closed(socket, System.monotonic_time(:millisecond) + @closing_ms)
  end

  defp until_closed(socket, deadline) do
    :inet.setopts(socket, active: :once)

    receive do
      {:tcp, ^socket, _data} -> until_closed(socket, deadline)
      {:tcp_closed, ^socket} -> :closed
      {:tcp_error, ^socket, _reason} -> :closed
    after
      max(0, deadline - System.monotonic_time(:millisecond)) -> :closed
    end
  end

  # Where the client is gone, the loop gets to know from the socket.
  defp write(socket, opcode, payload), do: :gen_tcp.send(socket, Frame.encode(opcode, payload))
end
