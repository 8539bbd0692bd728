import { expect, it } from "vitest";

import { ConnectionLog } from "../../gateway/proxy/network/connection-log.ts";
import { open } from "../../gateway/proxy/test-support/open-tunnel.ts";
import { eventually, proxyBefore } from "../../gateway/proxy/test-support/proxy-under-test.ts";
import { startEcho } from "../../gateway/proxy/test-support/start-echo.ts";
import { watchTunnels } from "./agent-network.ts";

it("takes bytes through a tunnel for a sign of life, and an open tunnel alone for none", async () => {
  const port = await startEcho();
  const { proxy, route } = await proxyBefore(() => undefined, { publicLoopbackPort: port });
  const opened = proxy.openAttempt(route({ network: { allow: ["localhost"] } }));
  const socketPath = await proxy.openSocket(opened.key);
  const clock = { nowMs: 1000 };
  const lastSignMs = watchTunnels(
    () => proxy.connectionsOf(opened.key),
    () => clock.nowMs,
  );
  expect(lastSignMs()).toBe(0);
  const { socket } = await open(opened.proxyUrl, `localhost:${String(port)}`, { socketPath });
  expect(lastSignMs()).toBe(0);
  socket.on("data", () => undefined).write("some bytes");
  const bytes = () => proxy.connectionsOf(opened.key)?.tunnelled[0]?.bytes_received;
  await eventually(() => bytes() === 10);
  clock.nowMs = 2000;
  expect(lastSignMs()).toBe(2000);
  clock.nowMs = 3000;
  expect(lastSignMs()).toBe(2000);
});

it("sees none where no connection is counted", () => {
  const lastSignMs = watchTunnels(
    () => null,
    () => 1000,
  );
  expect(lastSignMs()).toBe(0);
  const refused = new ConnectionLog();
  refused.block({ host: "a.example", port: 443 });
  expect(
    watchTunnels(
      () => refused.read(),
      () => 1000,
    )(),
  ).toBe(0);
});
