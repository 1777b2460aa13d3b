// Runs the real command line, as a user would, and gives what it printed.
import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";

const bin = join(import.meta.dirname, "../../bin/dashleaks.js");

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly input?: string | Uint8Array;
  readonly environment?: Readonly<Record<string, string>>;
  /** Leaves standard input open, as a terminal does. */
  readonly inputStaysOpen?: boolean;
  /** Is given the process when it has started; for a signal. */
  readonly onStart?: (child: ChildProcess) => void;
}

/** Runs `dashleaks` with arguments; a non-zero status is no error here. */
export async function dashleaks(args: readonly string[], options: RunOptions): Promise<Ran> {
  const { NODE_EXTRA_CA_CERTS: _ca, FORCE_COLOR: _force, ...inherited } = process.env;
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: options.cwd,
    env: { ...inherited, HOME: options.cwd, XDG_CONFIG_HOME: "", ...options.environment },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (piece: Buffer) => stdout.push(piece));
  child.stderr.on("data", (piece: Buffer) => stderr.push(piece));
  child.stdin.on("error", () => undefined); // it may end before it has read everything
  if (options.inputStaysOpen) child.stdin.write(options.input ?? "");
  else child.stdin.end(options.input ?? "");
  options.onStart?.(child);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on("close", resolve);
    child.on("error", reject);
  });
  return {
    status,
    stdout: Buffer.concat(stdout).toString("utf8"),
    stderr: Buffer.concat(stderr).toString("utf8"),
  };
}

/** The published report of a run with `--format json`. */
export async function dashleaksJson(
  args: readonly string[],
  options: RunOptions,
): Promise<{ readonly ran: Ran; readonly report: PublishedJson }> {
  const ran = await dashleaks([...args, "--format", "json"], options);
  if (ran.stdout === "") throw new Error(`no report; standard error: ${ran.stderr}`);
  return { ran, report: JSON.parse(ran.stdout) as PublishedJson };
}

/** The part of the published JSON that tests read; written from the schema, not from our types. */
export interface PublishedJson {
  readonly schemaVersion: number;
  readonly complete: boolean;
  readonly coverage: { readonly files: number; readonly objects: number; readonly bytes: number };
  readonly keys: readonly {
    readonly fingerprint: string;
    readonly masked: string;
    readonly kind: string;
    readonly rule: string;
    readonly confidence: string;
    readonly provider: string;
    readonly liveness: {
      readonly status: string;
      readonly evidence: readonly {
        readonly host: string;
        readonly status: number | null;
        readonly meaning: string;
      }[];
    };
    readonly suppressed: { readonly by: string } | null;
    readonly exposure: string;
    readonly action: string;
    readonly encoding: readonly string[];
    readonly places: readonly {
      readonly kind: string;
      readonly path: string | null;
      readonly line: number | null;
      readonly column: number | null;
      readonly commit: string | null;
      readonly refs: readonly string[];
      readonly removed: object | null;
      readonly repository: string | null;
    }[];
  }[];
  readonly notices: readonly {
    readonly code: string;
    readonly subject: string | null;
    readonly message: string;
    readonly incomplete: boolean;
  }[];
}
