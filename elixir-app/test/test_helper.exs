# libcluster isn't there in test, and with it telemetry; what the application tells telemetry is tested all the same.
Code.require_file("../offline/telemetry/lib/telemetry.ex", __DIR__)
{:ok, _pid} = Telemetry.StandIn.start(:normal, [])

ExUnit.start(capture_log: true)
