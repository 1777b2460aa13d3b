// Where a key's variable is used, told by real git.
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Repository } from "../../src/model/index.js";
import { findConsumers } from "../../src/sources/consumers.js";
import { mint } from "../support/mint.js";
import { freshRepository, openRepository, type TestRepository } from "../support/repository.js";

function opened(repository: TestRepository, bare = false): Repository {
  const gitDirectory = bare ? repository.path : join(repository.path, ".git");
  return {
    named: repository.path,
    worktree: bare ? null : repository.path,
    gitDirectory,
    commonDirectory: gitDirectory,
    objectFormat: "sha1",
    bare,
    shallow: false,
    partial: false,
    worktrees: [],
    remotes: [],
  };
}

const files = {
  "src/app.py": "import os\nkey = os.environ['DASHSCOPE_API_KEY']\n",
  "compose.prod.yaml": "services:\n  app:\n    environment:\n      - DASHSCOPE_API_KEY\n",
  ".github/workflows/deploy.yml": "env:\n  X: ${{ secrets.DASHSCOPE_API_KEY }}\n",
  "deploy/app.yaml": "apiVersion: apps/v1\nkind: Deployment\nenv:\n  - name: DASHSCOPE_API_KEY\n",
  "config/settings.yaml": "name: DASHSCOPE_API_KEY\n",
  "README.md": "Set DASHSCOPE_API_KEY first.\n",
  "unrelated.py": "MY_DASHSCOPE_API_KEY_2 = 1\n",
};

describe("where a variable is used", () => {
  it("names the sort of each place, what breaks first at the top", async () => {
    const repository = freshRepository();
    repository.commit(files);
    const found = await findConsumers(opened(repository), ["DASHSCOPE_API_KEY"]);
    expect(found.map(({ what, path, line }) => `${what}: ${path}:${line}`)).toEqual([
      "GitHub workflow: .github/workflows/deploy.yml:2",
      "compose file: compose.prod.yaml:4",
      "Kubernetes manifest: deploy/app.yaml:4",
      "configuration: config/settings.yaml:1",
      "code: src/app.py:2",
      "documentation: README.md:1",
    ]);
  });

  it("is told from HEAD when the repository is bare, and not at all when it is empty", async () => {
    const repository = freshRepository();
    const bare = `${repository.path}-bare`;
    repository.git("init", "-q", "--bare", bare);
    expect(await findConsumers(opened(openRepository(bare), true), ["DASHSCOPE_API_KEY"])).toEqual(
      [],
    );
    repository.commit(files);
    repository.git("push", "-q", bare, "main:main");
    openRepository(bare).git("symbolic-ref", "HEAD", "refs/heads/main");
    const found = await findConsumers(opened(openRepository(bare), true), ["DASHSCOPE_API_KEY"]);
    expect(found).toHaveLength(6);
    expect(found[2]).toEqual({
      path: "deploy/app.yaml",
      line: 4,
      variable: "DASHSCOPE_API_KEY",
      what: "Kubernetes manifest",
    });
  });

  it("never holds the key that stands on the same line", async () => {
    const key = mint("payg-compact");
    const repository = freshRepository();
    repository.commit({ ".env": `DASHSCOPE_API_KEY=${key}\n` });
    const found = await findConsumers(opened(repository), ["DASHSCOPE_API_KEY", key]);
    expect(found).toEqual([
      { path: ".env", line: 1, variable: "DASHSCOPE_API_KEY", what: "environment file" },
    ]);
  });

  it("leaves out files that git does not track", async () => {
    const repository = freshRepository();
    repository.commit({ "a.py": "" });
    repository.write("untracked.py", "DASHSCOPE_API_KEY\n");
    expect(await findConsumers(opened(repository), ["DASHSCOPE_API_KEY"])).toEqual([]);
  });

  it("is not swayed by the repository's own settings", async () => {
    const repository = freshRepository();
    repository.commit({ "a.py": "DASHSCOPE_API_KEY\nspring.ai.dashscope.api-key\nspringXai\n" });
    for (const [name, value] of [
      ["color.ui", "always"],
      ["grep.patternType", "perl"],
      ["grep.column", "true"],
      ["grep.lineNumber", "false"],
    ] as const) {
      repository.git("config", name, value);
    }
    const names = ["DASHSCOPE_API_KEY", "spring.ai.dashscope.api-key"];
    const found = await findConsumers(opened(repository), names);
    expect(found.map(({ line, variable }) => [line, variable])).toEqual([
      [1, names[0]],
      [2, names[1]],
    ]);
  });

  it("takes no name for an option, and none that tells nothing", async () => {
    const repository = freshRepository();
    repository.commit({ "a.py": "api_key = 1\n--open-files-in-pager=touch\n" });
    const names = ["api_key", "--open-files-in-pager=touch", "-O", "x", "a\nb"];
    expect(await findConsumers(opened(repository), names)).toEqual([]);
  });

  it("keeps paths in any language, and is not confused by odd ones", async () => {
    const repository = freshRepository();
    repository.commit({
      "配置/密钥.py": "DASHSCOPE_API_KEY\n",
      "a:1:b.py": "DASHSCOPE_API_KEY\n",
      "line\nend.py": "DASHSCOPE_API_KEY\n",
    });
    const found = await findConsumers(opened(repository), ["DASHSCOPE_API_KEY"]);
    expect(found.map(({ path }) => path)).toEqual(["a:1:b.py", "line\nend.py", "配置/密钥.py"]);
  });

  it("stops at a bound", async () => {
    const repository = freshRepository();
    repository.commit({ "many.py": "DASHSCOPE_API_KEY\n".repeat(5000) });
    expect(await findConsumers(opened(repository), ["DASHSCOPE_API_KEY"])).toHaveLength(100);
  });
});
