defmodule Myapp.TaskProtection do
  @moduledoc """
  Keeps ECS from stopping this task while it is busy: neither scaling in nor a deployment ends a protected task.

      :ok = Myapp.TaskProtection.protect(30)
      transcode(video)
      :ok = Myapp.TaskProtection.release()

  Protection ends after its minutes by itself, so a crash blocks deployments no longer than that. It doesn't save a task from a
  failed health check, a Spot interruption, Fargate's own maintenance or StopTask: keep work resumable.

  Requests go to ECS's agent at `ECS_AGENT_URI`, which calls ECS with the task role: the environment needs
  `"taskProtection": true`. This module has no dependency, so that you can copy it into your application; it needs `:inets`
  in `extra_applications`.

  Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection-endpoint.html
  """

  # The agent gives up its own call of ECS before that.
  @timeout 10_000

  @doc """
  Protects this task for 1 to 2880 minutes from now on. A later call replaces an earlier one.

  `{:error, reason}` has the agent's answer: `AccessDeniedException` without `"taskProtection": true`, `DEPLOYMENT_BLOCKED`
  while as many tasks are protected as the service should have.
  """
  @spec protect(1..2880) :: :ok | {:error, String.t()}
  def protect(minutes) when minutes in 1..2880 do
    put(~s({"ProtectionEnabled":true,"ExpiresInMinutes":#{minutes}}))
  end

  @doc """
  Ends this task's protection. Without one, it changes nothing.
  """
  @spec release() :: :ok | {:error, String.t()}
  def release, do: put(~s({"ProtectionEnabled":false}))

  defp put(body) do
    case System.get_env("ECS_AGENT_URI", "") do
      "" -> {:error, "ECS_AGENT_URI is not set: this is not a task of ECS"}
      agent -> put(~c"#{agent}/task-protection/v1/state", body)
    end
  end

  defp put(uri, body) do
    request = {uri, [], ~c"application/json", body}

    case :httpc.request(:put, request, [timeout: @timeout], body_format: :binary) do
      {:ok, {{_version, 200, _reason}, _headers, answer}} -> outcome(answer)
      {:ok, {{_version, status, _reason}, _headers, answer}} -> {:error, "#{status}: #{answer}"}
      {:error, reason} -> {:error, inspect(reason)}
    end
  end

  # The agent answers 200 to what ECS refuses as well.
  defp outcome(answer) do
    if answer =~ ~r/^\s*\{\s*"protection"/, do: :ok, else: {:error, answer}
  end
end
