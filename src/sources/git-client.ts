// simple-git, hardened like our own door: for small questions off the hot path, where its start of a
// twentieth of a second does not count. Streams and hooks are left to git.
import { gitEnvironment, hardenedConfig } from "./git.js";

/** Runs one git command and gives what it printed, trimmed; null when git refuses. */
export type AskGit = (...args: string[]) => Promise<string | null>;

/** A client for one repository; simple-git is loaded only now. */
export async function gitClient(directory: string): Promise<AskGit> {
  const variables = gitEnvironment(process.env);
  const { GitError, simpleGit } = await import("simple-git");
  const client = simpleGit({
    baseDir: directory,
    config: [...hardenedConfig],
    // By default a timer holds the process for 50 ms, and large output can be cut.
    completion: { onClose: true, onExit: false },
    // simple-git guards against these settings because they may name programs. Here they are what
    // keeps a scanned repository from naming any.
    allowEnvironment: Object.keys(variables),
    unsafe: {
      allowUnsafeAskPass: true,
      allowUnsafeConfigEnvCount: true,
      allowUnsafeConfigPaths: true,
      allowUnsafeCredentialHelper: true,
      allowUnsafeDiffExternal: true,
      allowUnsafeEditor: true,
      allowUnsafeExec: true,
      allowUnsafeFsMonitor: true,
      allowUnsafeGpgProgram: true,
      allowUnsafeHooksPath: true,
      allowUnsafePager: true,
      allowUnsafeProtocolOverride: true,
      allowUnsafeSshCommand: true,
    },
  }).env(variables);
  return async (...args) => {
    try {
      return (await client.raw(args)).trim();
    } catch (error) {
      if (error instanceof GitError) return null;
      throw error;
    }
  };
}
