defmodule Myapp.Http.WebSocketTest do
  use ExUnit.Case

  alias Myapp.Http.WebSocket.Frame
  alias Myapp.WebSocketClient, as: Client

  @continuation 0
  @text 1
  @binary 2
  @close 8
  @ping 9
  @pong 10

  # Frames that end a message, and such that don't.
  @final 0b1000
  @more 0b0000

  setup do
    {:ok, socket} = :gen_tcp.listen(0, [])
    {:ok, port} = :inet.port(socket)
    :ok = :gen_tcp.close(socket)
    start_supervised!({Myapp.Http, port: port})
    %{port: port}
  end

  setup %{port: port} do
    {socket, response} = Client.open(port)
    assert response =~ ~r"^HTTP/1.1 101 Switching Protocols\r\n"
    assert response =~ "sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
    %{socket: socket}
  end

  test "echoes text and binary messages of any length up to the most", %{socket: socket} do
    for {opcode, payload} <- [
          {@text, "hello"},
          {@text, ""},
          {@binary, <<0, 255, 0>>},
          {@text, String.duplicate("a", 125)},
          {@text, String.duplicate("b", 126)},
          {@binary, :binary.copy(<<0>>, 40_000)}
        ] do
      Client.send_frame(socket, opcode, payload)
      assert Client.next(socket) == {opcode, payload}
    end
  end

  test "puts fragments together, with a ping in between", %{socket: socket} do
    Client.send_frame(socket, @text, "one ", @more)
    Client.send_frame(socket, @ping, "still there?")
    Client.send_frame(socket, @continuation, "message", @final)
    assert Client.next(socket) == {@pong, "still there?"}
    assert Client.next(socket) == {@text, "one message"}
  end

  test "reads frames however TCP cuts them", %{socket: socket} do
    for byte <- [<<0x81>>, <<0x82>>, <<0, 0, 0>>, <<0>>, "h", "i"] do
      :ok = :gen_tcp.send(socket, byte)
      Process.sleep(5)
    end

    assert Client.next(socket) == {@text, "hi"}
  end

  test "answers a close frame with its status", %{socket: socket} do
    Client.send_frame(socket, @close, <<1001::16, "going away">>)
    assert Client.next(socket) == {@close, <<1001::16>>}
    assert Client.next(socket) == :closed
  end

  for {what, status, opcode, payload, bits} <- [
        {"a continuation of nothing", 1002, 0, "x", 0b1000},
        {"an unknown opcode", 1002, 3, "x", 0b1000},
        {"reserved bits", 1002, 1, "x", 0b1100},
        {"a ping in fragments", 1002, 9, "x", 0b0000},
        {"text that isn't UTF-8", 1007, 1, <<255>>, 0b1000},
        {"a frame that is too long", 1009, 1, String.duplicate("x", 64 * 1024 + 1), 0b1000}
      ] do
    test "closes with #{status} on #{what}", %{socket: socket} do
      Client.send_frame(socket, unquote(opcode), unquote(payload), unquote(bits))
      assert Client.next(socket) == {@close, <<unquote(status)::16>>}
      assert Client.next(socket) == :closed
    end
  end

  test "closes with 1002 on a second message inside of one", %{socket: socket} do
    Client.send_frame(socket, @text, "one", @more)
    Client.send_frame(socket, @text, "two")
    assert Client.next(socket) == {@close, <<1002::16>>}
  end

  test "closes with 1009 on fragments that are too long together", %{socket: socket} do
    half = :binary.copy(<<0>>, div(Frame.max_bytes(), 2) + 1)
    Client.send_frame(socket, @binary, half, @more)
    Client.send_frame(socket, @continuation, half, @more)
    assert Client.next(socket) == {@close, <<1009::16>>}
  end

  test "closes with 1002 on a frame without a mask", %{socket: socket} do
    :ok = :gen_tcp.send(socket, <<0x81, 2, "hi">>)
    assert Client.next(socket) == {@close, <<1002::16>>}
  end

  test "is known to the drainer before its client has the answer", %{port: port} do
    for call <- [{Registry, :register, 3}, {:gen_tcp, :send, 2}],
        do: :erlang.trace_pattern(call, true, [])

    :erlang.trace(:processes, true, [:call])
    {_socket, "HTTP/1.1 101" <> _} = Client.open(port)
    :erlang.trace(:processes, false, [:call])

    # The first one in the mailbox: calls of one process come in their order.
    first =
      receive do
        {:trace, _pid, :call, {Registry, :register, [Myapp.Http.Open, :socket, nil]}} ->
          :registered

        {:trace, _pid, :call, {:gen_tcp, :send, [_socket, _answer]}} ->
          :answered
      end

    assert first == :registered
  end

  test "leaves no process when the client goes without a word", %{socket: socket, port: port} do
    [{pid, _}] = Registry.lookup(Myapp.Http.Open, :socket)
    reference = Process.monitor(pid)
    :ok = :gen_tcp.close(socket)
    assert_receive {:DOWN, ^reference, :process, ^pid, :normal}, 5_000
    {_socket, "HTTP/1.1 101" <> _} = Client.open(port)
  end

  test "a request without the handshake gets 426", %{port: port} do
    assert {:ok, {{_version, 426, _reason}, headers, _body}} =
             :httpc.request(:get, {~c"http://127.0.0.1:#{port}/socket", []}, [], [])

    assert {~c"sec-websocket-version", ~c"13"} in headers
  end
end
