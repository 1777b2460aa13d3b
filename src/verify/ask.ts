// One question to one host: the only place that opens a connection and the only one that loads
// undici. What the answer means is left to read-response.
import type { Dispatcher } from "undici";
import { UserError, type Secret } from "../model/index.js";
import type { Endpoint } from "./endpoints.js";
import type { Answer, Probe } from "./read-response.js";

/** Longer bodies are cut and then known to be unreadable: the real model list has some 30 KiB. */
const maxBodyBytes = 256 * 1024;

export interface AskOptions {
  readonly toolVersion: string;
  /** How long one question may take in all, connecting included. */
  readonly requestMilliseconds: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Trusted certificates (PEM) in place of Node's own, which honour NODE_EXTRA_CA_CERTS. */
  readonly certificateAuthority?: string | undefined;
}

type Outcome =
  | { readonly kind: "answer"; readonly answer: Answer }
  /** No HTTP answer came; `sentence` says why without naming anything of the key. */
  | { readonly kind: "silence"; readonly sentence: string };

export interface Asker {
  readonly ask: (
    endpoint: Endpoint,
    probe: Probe,
    secret: Secret,
    signal: AbortSignal,
  ) => Promise<Outcome>;
  /** Ends every connection at once. */
  readonly close: () => Promise<void>;
}

/**
 * Makes ready to ask. Connects to nothing yet.
 * @throws UserError when HTTPS_PROXY is no URL of an http or https proxy
 */
export async function createAsker(options: AskOptions): Promise<Asker> {
  const { httpsProxy, noProxy } = proxySettings(options.environment);
  const { EnvHttpProxyAgent, request } = await import("undici");
  // Said outright, so that NODE_TLS_REJECT_UNAUTHORIZED=0 cannot send a key to a stranger.
  const tls = {
    rejectUnauthorized: true,
    timeout: options.requestMilliseconds,
    ...(options.certificateAuthority === undefined ? {} : { ca: options.certificateAuthority }),
  };
  const dispatcher: Dispatcher = new EnvHttpProxyAgent({
    httpProxy: "", // only https is spoken; "" keeps undici from reading the process's variables
    httpsProxy,
    noProxy,
    connect: tls,
    requestTls: tls,
    proxyTls: tls,
  });

  const ask: Asker["ask"] = async (endpoint, probe, secret, signal) => {
    const deadline = new AbortController();
    const stop = (): void => deadline.abort();
    const timer = setTimeout(stop, options.requestMilliseconds);
    signal.addEventListener("abort", stop);
    // undici looks at the signal only once it is connected, so a hanging proxy needs the race.
    const expired = new Promise<never>((_, reject) => {
      deadline.signal.addEventListener("abort", () => reject(new Error("deadline")));
    });
    expired.catch(() => undefined); // nobody may be waiting any more
    try {
      const exchange = async (): Promise<Answer> => {
        const response = await request(`${endpoint.base}${pathOf[probe]}`, {
          dispatcher,
          method: probe === "models" ? "GET" : "POST",
          headers: {
            accept: "application/json",
            "accept-encoding": "identity",
            authorization: `Bearer ${secret.reveal()}`,
            "user-agent": `dashleaks/${options.toolVersion}`,
            ...(probe === "models" ? {} : { "content-type": "application/json" }),
          },
          body: probe === "models" ? null : impossibleChat,
          signal: deadline.signal,
        });
        const { body, whole } = await readBody(response.body);
        return { probe, status: response.statusCode, headers: response.headers, body, whole };
      };
      const running = exchange();
      running.catch(() => undefined);
      return { kind: "answer", answer: await Promise.race([running, expired]) };
    } catch (error) {
      return { kind: "silence", sentence: silenceSentence(error, deadline.signal, signal) };
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
    }
  };
  return { ask, close: () => dispatcher.destroy() };
}

const pathOf = {
  models: "/models",
  "impossible-model": "/chat/completions",
} as const satisfies Record<Probe, string>;

/** No model has this name, so that no token is used. */
const impossibleChat = JSON.stringify({
  model: "dashleaks-model-that-cannot-exist",
  messages: [{ role: "user", content: "." }],
  max_tokens: 1,
});

type ResponseBody = Dispatcher.ResponseData["body"];

async function readBody(stream: ResponseBody): Promise<Pick<Answer, "body" | "whole">> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  let whole = true;
  try {
    for await (const piece of stream as AsyncIterable<Buffer>) {
      pieces.push(piece);
      bytes += piece.length;
      if (bytes > maxBodyBytes) {
        whole = false;
        break; // leaving the loop destroys the stream and with it the connection
      }
    }
  } catch {
    whole = false; // it broke off; the status alone is worth a reading
  }
  return { body: Buffer.concat(pieces), whole };
}

const certificateCodes =
  /^(?:CERT_|CRL_|ERR_TLS_CERT|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_|ERROR_IN_CERT)/u;

/** Sentences are chosen here; an error's own message is never shown. */
function silenceSentence(error: unknown, deadline: AbortSignal, stopped: AbortSignal): string {
  if (stopped.aborted) return "Not answered: stopped before the answer came.";
  if (deadline.aborted) return "No answer in time.";
  const codes = errorCodes(error);
  if (codes.some((code) => certificateCodes.test(code))) {
    return "The host's certificate is not trusted, so the key was not sent.";
  }
  if (codes.some((code) => code === "ENOTFOUND" || code === "EAI_AGAIN")) {
    return "The host's name could not be resolved, so the key was not sent.";
  }
  if (codes.includes("ECONNREFUSED")) return "The connection was refused; the key was not sent.";
  if (codes.includes("UND_ERR_CONNECT_TIMEOUT")) return "No connection in time.";
  if (codes.includes("UND_ERR_ABORTED")) return "The proxy refused the connection.";
  return "The connection failed.";
}

function errorCodes(error: unknown): string[] {
  const codes: string[] = [];
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if ("code" in at && typeof at.code === "string") codes.push(at.code);
  }
  return codes;
}

/** HTTPS_PROXY, ALL_PROXY and NO_PROXY, lower-case twins first, as curl reads them. */
function proxySettings(environment: AskOptions["environment"]): {
  readonly httpsProxy: string;
  readonly noProxy: string;
} {
  const of = (...names: string[]): string =>
    names.map((name) => environment[name]).find((value) => value !== undefined && value !== "") ??
    "";
  const proxy = of("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY");
  const httpsProxy = proxy === "" || proxy.includes("://") ? proxy : `http://${proxy}`;
  const usable = URL.canParse(httpsProxy) && /^https?:$/u.test(new URL(httpsProxy).protocol);
  if (httpsProxy !== "" && !usable) {
    throw new UserError(
      "HTTPS_PROXY (or ALL_PROXY) is not the URL of an http or https proxy",
      "Set it as in HTTPS_PROXY=http://proxy.example:3128, or unset it.",
    );
  }
  return { httpsProxy, noProxy: of("no_proxy", "NO_PROXY") };
}
