defmodule Myapp.Http.WebSocket.Frame do
  @moduledoc """
  Frames of the WebSocket protocol, as a server reads and writes them.

  See <https://www.rfc-editor.org/rfc/rfc6455#section-5.2>.
  """

  import Bitwise

  @type opcode :: :continuation | :text | :binary | :close | :ping | :pong
  @type t :: %{opcode: opcode(), final: boolean(), payload: binary()}

  # A frame that is longer ends the connection with 1009 (message too big).
  @max_bytes 64 * 1024

  @opcodes %{
    0x0 => :continuation,
    0x1 => :text,
    0x2 => :binary,
    0x8 => :close,
    0x9 => :ping,
    0xA => :pong
  }
  @codes Map.new(@opcodes, fn {code, opcode} -> {opcode, code} end)

  @doc """
  The most bytes of a frame, and of a message.
  """
  @spec max_bytes() :: pos_integer()
  def max_bytes, do: @max_bytes

  @doc """
  Reads the first frame of what a client has sent: `:more` while it isn't complete, or the status code to close with when
  the client breaks the protocol.

      iex> Myapp.Http.WebSocket.Frame.decode(<<0x81, 0x82, 0::32, "hi", "rest">>)
      {:ok, %{opcode: :text, final: true, payload: "hi"}, "rest"}
      iex> Myapp.Http.WebSocket.Frame.decode(<<0x81>>)
      :more
  """
  @spec decode(binary()) :: {:ok, t(), rest :: binary()} | :more | {:error, 1002 | 1009}
  def decode(<<_final::1, reserved::3, _opcode::4, _rest::bitstring>>) when reserved != 0,
    do: {:error, 1002}

  # A client that doesn't mask its frames breaks the protocol.
  def decode(<<_first::8, 0::1, _rest::bitstring>>), do: {:error, 1002}

  def decode(<<final::1, 0::3, code::4, 1::1, length::7, rest::binary>>) do
    with {:ok, opcode} <- opcode(code, final, length), {:ok, bytes, rest} <- size(length, rest) do
      case rest do
        <<key::binary-size(4), payload::binary-size(bytes), rest::binary>> ->
          {:ok, %{opcode: opcode, final: final == 1, payload: unmask(payload, key)}, rest}

        _incomplete ->
          :more
      end
    end
  end

  def decode(_incomplete), do: :more

  @doc """
  A frame from the server, which is complete and isn't masked.

      iex> Myapp.Http.WebSocket.Frame.encode(:text, "hi")
      <<0x81, 2, "hi">>
  """
  @spec encode(opcode(), binary()) :: binary()
  def encode(opcode, payload) when byte_size(payload) <= @max_bytes do
    <<1::1, 0::3, Map.fetch!(@codes, opcode)::4, 0::1, size_bits(byte_size(payload))::bitstring,
      payload::binary>>
  end

  # Control frames are short and in one piece.
  defp opcode(code, final, length) when code >= 0x8 and (final == 0 or length > 125),
    do: {:error, 1002}

  defp opcode(code, _final, _length) do
    with :error <- Map.fetch(@opcodes, code), do: {:error, 1002}
  end

  defp size(126, <<bytes::16, rest::binary>>) when bytes <= @max_bytes, do: {:ok, bytes, rest}
  defp size(127, <<bytes::64, rest::binary>>) when bytes <= @max_bytes, do: {:ok, bytes, rest}
  defp size(126, <<_bytes::16, _rest::binary>>), do: {:error, 1009}
  defp size(127, <<_bytes::64, _rest::binary>>), do: {:error, 1009}
  defp size(length, _incomplete) when length >= 126, do: :more
  defp size(length, rest), do: {:ok, length, rest}

  defp size_bits(bytes) when bytes < 126, do: <<bytes::7>>
  defp size_bits(bytes) when bytes < 65_536, do: <<126::7, bytes::16>>
  defp size_bits(bytes), do: <<127::7, bytes::64>>

  defp unmask(payload, key) do
    bytes = byte_size(payload)
    mask = binary_part(String.duplicate(key, div(bytes, 4) + 1), 0, bytes)

    payload
    |> :binary.decode_unsigned()
    |> bxor(:binary.decode_unsigned(mask))
    |> then(&<<&1::unit(8)-size(bytes)>>)
  end
end
