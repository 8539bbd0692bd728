import type { Socket } from "node:net";

/** A host as a client asks for it, lower case, and its port. */
export interface Target {
  readonly host: string;
  readonly port: number;
}

/** Connections to one host and port. */
export interface ConnectionCount extends Target {
  readonly count: number;
}

export interface TunnelCount extends ConnectionCount {
  readonly bytes_sent: number;
  readonly bytes_received: number;
}

/** What an agent without a network asked for besides its models. */
export interface Connections {
  readonly blocked: readonly ConnectionCount[];
  readonly tunnelled: readonly TunnelCount[];
}

/** An agent may ask for any number of hosts; beyond this many they count together. */
const TARGETS_MAX = 100;
const OTHERS: Target = { host: "(others)", port: 0 };

/** Counts the connections of one attempt by host and port. */
export class ConnectionLog {
  readonly #blocked = new Map<string, ConnectionCount>();
  readonly #tunnelled = new Map<string, TunnelCount>();
  /** Open tunnels: the connection to the host, and where it is counted. */
  readonly #open = new Map<Socket, Target>();

  block(asked: Target): void {
    const target = roomFor(this.#blocked, asked);
    const known = this.#blocked.get(keyOf(target));
    this.#blocked.set(keyOf(target), { ...target, count: (known?.count ?? 0) + 1 });
  }

  /** Counts a tunnel, and its bytes until it closes. */
  open(asked: Target, upstream: Socket): void {
    const target = roomFor(this.#tunnelled, asked);
    this.#add(target, { count: 1 });
    this.#open.set(upstream, target);
    upstream.once("close", () => {
      if (this.#open.delete(upstream)) this.#add(target, bytesOf(upstream));
    });
  }

  closeTunnels(): void {
    for (const upstream of this.#open.keys()) upstream.destroy();
  }

  /** The counts so far. */
  read(): Connections {
    const tunnelled = new Map(this.#tunnelled);
    for (const [upstream, target] of this.#open) addTo(tunnelled, target, bytesOf(upstream));
    return { blocked: [...this.#blocked.values()], tunnelled: [...tunnelled.values()] };
  }

  #add(target: Target, more: Partial<TunnelCount>): void {
    addTo(this.#tunnelled, target, more);
  }
}

function addTo(
  counts: Map<string, TunnelCount>,
  { host, port }: Target,
  { count = 0, bytes_sent = 0, bytes_received = 0 }: Partial<TunnelCount>,
): void {
  const known = counts.get(keyOf({ host, port }));
  counts.set(keyOf({ host, port }), {
    host,
    port,
    count: (known?.count ?? 0) + count,
    bytes_sent: (known?.bytes_sent ?? 0) + bytes_sent,
    bytes_received: (known?.bytes_received ?? 0) + bytes_received,
  });
}

function bytesOf({ bytesWritten, bytesRead }: Socket) {
  return { bytes_sent: bytesWritten, bytes_received: bytesRead };
}

function roomFor(known: ReadonlyMap<string, unknown>, { host, port }: Target): Target {
  const hasRoom = known.size < TARGETS_MAX || known.has(keyOf({ host, port }));
  return hasRoom ? { host, port } : OTHERS;
}

function keyOf({ host, port }: Target): string {
  return `${host}:${String(port)}`;
}
