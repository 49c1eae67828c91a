defmodule Myapp.WebSocketClient do
  @moduledoc false
  # The client's side of a WebSocket, for tests: frames are masked, and what comes back is read byte for byte.

  import Bitwise

  @handshake "GET /socket HTTP/1.1\r\nhost: test\r\nupgrade: websocket\r\nconnection: Upgrade\r\n" <>
               "sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"

  @doc "Opens a socket: the status of the handshake comes with it."
  def open(port) do
    {:ok, socket} = :gen_tcp.connect(~c"127.0.0.1", port, [:binary, active: false])
    :ok = :gen_tcp.send(socket, @handshake)
    {socket, response(socket)}
  end

  @doc "Sends a frame; `bits` are FIN and the reserved ones."
  def send_frame(socket, opcode, payload, bits \\ 0b1000) do
    key = <<1, 2, 3, 4>>

    mask =
      binary_part(String.duplicate(key, div(byte_size(payload), 4) + 1), 0, byte_size(payload))

    masked =
      for {a, b} <- Enum.zip(:binary.bin_to_list(payload), :binary.bin_to_list(mask)),
          do: bxor(a, b)

    send_raw(socket, [<<bits::4, opcode::4, 1::1>>, length_of(payload), key, masked])
  end

  # Bits must fit whole bytes only together.
  defp send_raw(socket, [head, length | rest]),
    do: :gen_tcp.send(socket, [<<head::bitstring, length::bitstring>> | rest])

  defp length_of(payload) when byte_size(payload) < 126, do: <<byte_size(payload)::7>>
  defp length_of(payload) when byte_size(payload) < 65_536, do: <<126::7, byte_size(payload)::16>>
  defp length_of(payload), do: <<127::7, byte_size(payload)::64>>

  @doc "The next frame: its opcode and payload; `:closed` when there is none."
  def next(socket) do
    with {:ok, <<1::1, 0::3, opcode::4, 0::1, length::7>>} <- :gen_tcp.recv(socket, 2, 5_000) do
      {opcode, payload(socket, length)}
    else
      {:error, :closed} -> :closed
    end
  end

  defp payload(_socket, 0), do: ""

  defp payload(socket, 126) do
    {:ok, <<length::16>>} = :gen_tcp.recv(socket, 2, 5_000)
    payload(socket, {:exactly, length})
  end

  defp payload(socket, {:exactly, length}), do: socket |> :gen_tcp.recv(length, 5_000) |> elem(1)
  defp payload(socket, length), do: payload(socket, {:exactly, length})

  defp response(socket, read \\ "") do
    if String.ends_with?(read, "\r\n\r\n") do
      read
    else
      {:ok, byte} = :gen_tcp.recv(socket, 1, 5_000)
      response(socket, read <> byte)
    end
  end
end
