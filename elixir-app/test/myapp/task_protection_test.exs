defmodule Myapp.TaskProtectionTest do
  use ExUnit.Case

  alias Myapp.TaskProtection

  setup do
    on_exit(fn -> System.delete_env("ECS_AGENT_URI") end)
  end

  # ECS's agent for one request: it answers so, and the test gets what it was asked.
  defp agent(status, body) do
    test = self()
    {:ok, listener} = :gen_tcp.listen(0, [:binary, active: false, ip: {127, 0, 0, 1}])
    {:ok, port} = :inet.port(listener)
    System.put_env("ECS_AGENT_URI", "http://127.0.0.1:#{port}/api/container-1")

    start_supervised!(
      {Task,
       fn ->
         {:ok, socket} = :gen_tcp.accept(listener)
         send(test, {:asked, request(socket, "")})

         :gen_tcp.send(
           socket,
           "HTTP/1.1 #{status} Any\r\ncontent-type: application/json\r\n" <>
             "content-length: #{byte_size(body)}\r\nconnection: close\r\n\r\n#{body}"
         )

         :gen_tcp.close(socket)
       end}
    )
  end

  # Both requests of this module are JSON objects.
  defp request(socket, received) do
    {:ok, more} = :gen_tcp.recv(socket, 0, 5_000)
    received = received <> more
    if String.ends_with?(received, "}"), do: received, else: request(socket, received)
  end

  test "protects for so many minutes" do
    agent(
      200,
      ~s({"protection":{"ExpirationDate":"2026-01-01T00:30:00Z","ProtectionEnabled":true}})
    )

    assert TaskProtection.protect(30) == :ok
    assert_receive {:asked, "PUT /api/container-1/task-protection/v1/state HTTP/1.1" <> rest}
    assert String.ends_with?(rest, ~s({"ProtectionEnabled":true,"ExpiresInMinutes":30}))
    assert String.downcase(rest) =~ "content-type: application/json"
  end

  test "releases" do
    agent(200, ~s({"protection":{"ExpirationDate":null,"ProtectionEnabled":false}}))
    assert TaskProtection.release() == :ok
    assert_receive {:asked, request}
    assert String.ends_with?(request, ~s({"ProtectionEnabled":false}))
  end

  test "reports what ECS refuses, which the agent answers with 200" do
    agent(200, ~s({"failure":{"Arn":"task/1","Detail":null,"Reason":"DEPLOYMENT_BLOCKED"}}))
    assert {:error, reason} = TaskProtection.protect(1)
    assert reason =~ "DEPLOYMENT_BLOCKED"
  end

  test "reports a missing permission" do
    agent(400, ~s({"error":{"Code":"AccessDeniedException","Message":"not authorized"}}))
    assert {:error, "400: " <> reason} = TaskProtection.release()
    assert reason =~ "AccessDeniedException"
  end

  test "reports an agent that isn't there" do
    System.put_env("ECS_AGENT_URI", "http://127.0.0.1:1/api/container-1")
    assert {:error, reason} = TaskProtection.release()
    assert reason =~ "econnrefused"
  end

  test "outside of ECS is an error, and no crash" do
    assert {:error, "ECS_AGENT_URI is not set" <> _rest} = TaskProtection.protect(1)
  end

  test "takes ECS's minutes and no others" do
    for minutes <- [0, 2881, 1.5, "1"] do
      assert_raise FunctionClauseError, fn -> TaskProtection.protect(minutes) end
    end
  end
end
