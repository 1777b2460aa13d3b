// A double of the vendor: an HTTPS server on loopback, reached under the vendor's real host names
// through a CONNECT proxy on loopback. Nothing leaves this machine: every name leads here.
import { createServer as createProxy } from "node:http";
import { createServer, type ServerOptions } from "node:https";
import { connect, type AddressInfo, type Server, type Socket } from "node:net";
import type { IncomingMessage, ServerResponse } from "node:http";
import { onTestFinished } from "vitest";
import { freshAuthority } from "./certificates.js";

export const vendorHosts = [
  "dashscope.aliyuncs.com",
  "dashscope-intl.aliyuncs.com",
  "dashscope-us.aliyuncs.com",
  "cn-hongkong.dashscope.aliyuncs.com",
  "*.eu-central-1.maas.aliyuncs.com",
  "*.ap-northeast-1.maas.aliyuncs.com",
  "coding.dashscope.aliyuncs.com",
  "coding-intl.dashscope.aliyuncs.com",
  "token-plan.cn-beijing.maas.aliyuncs.com",
  "token-plan.ap-southeast-1.maas.aliyuncs.com",
  "maas.qwencloudapi.com",
  "token-plan.maas.qwencloudapi.com",
  "maas.qianwenaiapi.com",
  "token-plan.maas.qianwenaiapi.com",
] as const;

interface SeenRequest {
  readonly host: string;
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
  readonly headers: IncomingMessage["headers"];
}

export interface Vendor {
  /** For HTTPS_PROXY. */
  readonly proxy: string;
  /** The server itself, past the proxy: `localhost:PORT`. */
  readonly direct: string;
  /** PEM of the authority to trust. */
  readonly authority: string;
  readonly requests: readonly SeenRequest[];
  /** Hosts to which a tunnel was asked for. */
  readonly tunnels: readonly string[];
  /** The most requests that were open at once, to any one host. */
  readonly mostAtOnce: () => number;
}

export type Answering = (
  seen: SeenRequest,
  response: ServerResponse,
  count: number,
) => void | Promise<void>;

/** What the double does other than answer properly. */
export interface VendorOptions {
  /** The server's certificate; by default one for all hosts of the vendor that `authority` issued. */
  readonly certificate?: Pick<ServerOptions, "cert" | "key">;
  /** Gives false to refuse a tunnel, null to leave it hanging. */
  readonly admit?: (host: string) => boolean | null;
}

const authority = freshAuthority();
const properCertificate = authority.issue([...vendorHosts, "localhost"]);
export { authority as vendorAuthority };

/** Starts a double that ends with the test. */
export async function startVendor(answer: Answering, options: VendorOptions = {}): Promise<Vendor> {
  const requests: SeenRequest[] = [];
  const tunnels: string[] = [];
  const open = new Map<string, number>();
  let most = 0;
  const server = createServer(options.certificate ?? properCertificate, (request, response) => {
    const { method = "", url = "", headers } = request;
    const { host = "", authorization } = headers;
    const seen = { host, method, url, authorization, headers };
    requests.push(seen);
    const count = (open.get(host) ?? 0) + 1;
    open.set(host, count);
    most = Math.max(most, count);
    response.on("close", () => open.set(host, (open.get(host) ?? 1) - 1));
    response.on("error", () => undefined);
    request.resume();
    void answer(seen, response, requests.filter((other) => other.host === host).length);
  });
  const proxy = createProxy();
  proxy.on("connect", ({ url = "" }: IncomingMessage, socket: Socket) => {
    tunnels.push(url);
    socket.on("error", () => undefined);
    const admitted = options.admit?.(url) ?? (options.admit ? null : true);
    if (admitted === null) return;
    if (!admitted) {
      socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
      return;
    }
    const upstream = connect(portOf(server), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      socket.pipe(upstream).pipe(socket);
    });
    upstream.on("error", () => socket.destroy());
    socket.on("close", () => upstream.destroy());
    upstream.on("close", () => socket.destroy());
  });
  await Promise.all([listen(server), listen(proxy)]);
  onTestFinished(() => {
    server.closeAllConnections();
    proxy.closeAllConnections();
    server.close();
    proxy.close();
  });
  return {
    proxy: `http://127.0.0.1:${portOf(proxy)}`,
    direct: `localhost:${portOf(server)}`,
    authority: authority.certificate,
    requests,
    tunnels,
    mostAtOnce: () => most,
  };
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.on("tlsClientError", () => undefined);
    server.listen(0, "127.0.0.1", resolve);
  });
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** Answers with JSON. */
export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

export const modelList = {
  object: "list",
  data: [{ id: "qwen-plus", object: "model", created: 1_700_000_000, owned_by: "system" }],
};

/** The most frequent of the documented refusals. */
export const refusal = {
  error: {
    message: "Incorrect API key provided. ",
    type: "invalid_request_error",
    param: null,
    code: "invalid_api_key",
  },
  request_id: "00000000-0000-0000-0000-000000000000",
};
