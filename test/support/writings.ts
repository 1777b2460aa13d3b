// Ways in which people write a key into a file: the text around it, and the name they give it.
// How a report sees them is left to the tests.

export interface Writing {
  readonly title: string;
  readonly write: (key: string) => string | Uint8Array;
  /** The name that the hints must give. */
  readonly variable: string | null;
  /** What context must make of a legacy key without a provider in its prefix. */
  readonly provider: "dashscope" | "ambiguous";
}

/** A legacy body, or the text of any key, after the words that speak for DashScope. */
function dashScope(
  title: string,
  variable: string | null,
  write: (key: string) => string | Uint8Array,
): Writing {
  return { title, variable, write, provider: "dashscope" };
}

function nobodys(
  title: string,
  variable: string | null,
  write: (key: string) => string | Uint8Array,
): Writing {
  return { title, variable, write, provider: "ambiguous" };
}

const name = "DASHSCOPE_API_KEY";
const base = "https://dashscope.aliyuncs.com/compatible-mode/v1";

export const writings: readonly Writing[] = [
  // .env, shell, batch, PowerShell
  dashScope(".env", name, (key) => `${name}=${key}\n`),
  dashScope(".env without a last line end", name, (key) => `A=1\n${name}=${key}`),
  dashScope(".env in double quotes", name, (key) => `${name}="${key}"\n`),
  dashScope(".env with spaces", name, (key) => `${name} = ${key}\n`),
  dashScope("export in single quotes", name, (key) => `export ${name}='${key}'\n`),
  dashScope("echo into .bashrc", name, (key) => `echo "export ${name}='${key}'" >> ~/.bashrc\n`),
  dashScope("setx", name, (key) => `setx ${name} "${key}"\r\n`),
  dashScope("set in a batch file", name, (key) => `@echo off\r\nset ${name}=${key}\r\n`),
  dashScope("PowerShell variable", name, (key) => `$env:${name} = "${key}"\r\n`),
  dashScope(
    "PowerShell, machine-wide",
    name,
    (key) => `[Environment]::SetEnvironmentVariable("${name}","${key}","User")\r\n`,
  ),
  dashScope("PowerShell in UTF-16 LE with a mark", name, (key) =>
    Buffer.from(`\uFEFF$env:${name} = "${key}"\r\n`, "utf16le"),
  ),
  dashScope("regedit export in UTF-16 LE", name, (key) =>
    Buffer.from(`\uFEFFWindows Registry Editor\r\n"${name}"="${key}"\r\n`, "utf16le"),
  ),
  dashScope("UTF-16 LE without a mark", name, (key) =>
    Buffer.from(`${name}=${key}\r\n`, "utf16le"),
  ),
  dashScope("UTF-16 BE with a mark", name, (key) =>
    Buffer.from(`\uFEFF${name}=${key}\n`, "utf16le").swap16(),
  ),
  dashScope("UTF-16 BE without a mark", name, (key) =>
    Buffer.from(`${name}=${key}\n`, "utf16le").swap16(),
  ),
  dashScope("a UTF-8 mark before the name", name, (key) => `\uFEFF${name}=${key}\n`),
  dashScope("lone CR line ends", name, (key) => `A=1\r${name}=${key}\rB=2\r`),
  dashScope("GB18030 around it", name, (key) =>
    Buffer.concat([
      Buffer.from([0xb0, 0xd9, 0xc1, 0xb6, 0xa3, 0xba]),
      Buffer.from(` ${name}=${key} `),
      Buffer.from([0xc3, 0xdc, 0xd4, 0xbf]),
    ]),
  ),
  dashScope("Dockerfile ENV", name, (key) => `FROM node\nENV ${name} ${key}\n`),
  dashScope("Dockerfile ENV with =", name, (key) => `FROM node\nENV ${name}=${key}\n`),
  dashScope("docker run", name, (key) => `docker run -e ${name}=${key} image\n`),
  // curl, HTTP, Postman
  dashScope("curl", null, (key) => `curl ${base}/models \\\n  -H "Authorization: Bearer ${key}"\n`),
  dashScope(
    "curl inside JSON",
    null,
    (key) => `{"cmd": "curl -H \\"Authorization: Bearer ${key}\\" ${base}"}`,
  ),
  dashScope(
    "template literal header",
    null,
    (key) => `fetch("${base}", { headers: { Authorization: \`Bearer ${key}\` } })`,
  ),
  dashScope(
    "URL parameter",
    "api_key",
    (key) => `https://dashscope.aliyuncs.com/?api_key=${key}&a=1`,
  ),
  dashScope("HTTP file", null, (key) => `POST ${base}/chat\nAuthorization: Bearer ${key}\n\n{}`),
  dashScope(
    "Postman environment",
    "dashscope_key",
    (key) => `{"values":[{"key": "dashscope_key", "value": "${key}", "enabled": true}]}`,
  ),
  dashScope("percent-encoded before it", null, (key) => `https://x/?q=dashscope%20key%3D${key}`),
  // Python
  dashScope("dashscope.api_key", "dashscope.api_key", (key) => `dashscope.api_key = "${key}"\n`),
  dashScope(
    "OpenAI client with a DashScope host",
    "api_key",
    (key) => `client = OpenAI(\n    api_key="${key}",\n    base_url="${base}",\n)\n`,
  ),
  dashScope("os.environ", name, (key) => `os.environ["${name}"] = "${key}"\n`),
  dashScope("os.environ in single quotes", name, (key) => `os.environ['${name}']='${key}'\n`),
  dashScope("getenv with a default", name, (key) => `key = os.getenv("${name}", "${key}")\n`),
  dashScope("getenv or", name, (key) => `key = os.getenv("${name}") or "${key}"\n`),
  dashScope("os.environ.get default", name, (key) => `os.environ.get('${name}', '${key}')\n`),
  dashScope("dict", "api_key", (key) => `cfg = {'model_server': 'dashscope', 'api_key': '${key}'}`),
  dashScope("type annotation", "QWEN_KEY", (key) => `QWEN_KEY: str = "${key}"\n`),
  dashScope("comment", null, (key) => `# dashscope key is ${key}\n`),
  dashScope("triple quotes", null, (key) => `"""\nqwen\n${key}\n"""\n`),
  // JS, TS, Java, Go, Rust, Dart, C#
  dashScope("process.env ||", name, (key) => `const k = process.env.${name} || "${key}";\n`),
  dashScope("process.env ??", name, (key) => `const k = process.env["${name}"] ?? '${key}';\n`),
  dashScope(
    "builder",
    "apiKey",
    (key) =>
      `import com.alibaba.dashscope.aigc.*;\nparam = Param.builder().apiKey("${key}").build();`,
  ),
  dashScope("Rust constant", name, (key) => `const ${name}: &str = "${key}";\n`),
  dashScope("Go short declaration", "qwenKey", (key) => `qwenKey := "${key}"\n`),
  dashScope(
    "value on the next line",
    name,
    (key) => `static final String ${name} =\n        "${key}";\n`,
  ),
  dashScope("commented out", name, (key) => `// const ${name} = "${key}";\n`),
  dashScope("C# property", "this.QwenApiKey", (key) => `this.QwenApiKey = @"${key}";`),
  dashScope("C define", name, (key) => `#define ${name} "${key}"\n`),
  dashScope("PHP array", "bailian_key", (key) => `'bailian_key' => '${key}',\n`),
  // Spring, YAML, XML, TOML, INI
  dashScope(
    "Spring properties",
    "spring.ai.dashscope.api-key",
    (key) => `spring.ai.dashscope.api-key=${key}\n`,
  ),
  dashScope(
    "nested YAML",
    "api-key",
    (key) =>
      `spring:\n  ai:\n    dashscope:\n      chat:\n        model: x\n      api-key: ${key}\n`,
  ),
  dashScope(
    "SpringBootTest properties",
    "spring.ai.dashscope.api-key",
    (key) => `@SpringBootTest(properties = {"spring.ai.dashscope.api-key=${key}"})`,
  ),
  dashScope("Kubernetes env", name, (key) => `env:\n  - name: ${name}\n    value: "${key}"\n`),
  dashScope("XML element", "apiKey", (key) => `<dashscope><apiKey>${key}</apiKey></dashscope>`),
  dashScope("XML attribute", "dashscopeKey", (key) => `<add key="dashscopeKey" value="${key}" />`),
  dashScope(
    "TOML section",
    "key",
    (key) => `[deepseek]\nkey = "x"\n\n[dashscope]\nurl = "x"\nkey = "${key}"\n`,
  ),
  dashScope("command-line option", "--api-key", (key) => `qwen-cli --api-key ${key} --model x`),
  // tools
  dashScope(
    ".claude/settings.json",
    "ANTHROPIC_AUTH_TOKEN",
    (key) =>
      `{\n  "env": {\n    "ANTHROPIC_AUTH_TOKEN": "${key}",\n    "ANTHROPIC_BASE_URL": "https://dashscope.aliyuncs.com/apps/anthropic"\n  }\n}\n`,
  ),
  dashScope(
    ".qwen/settings.json",
    "OPENAI_API_KEY",
    (key) => `{"env":{"OPENAI_API_KEY":"${key}","OPENAI_BASE_URL":"${base}"}}`,
  ),
  dashScope(
    "LiteLLM config.yaml",
    "api_key",
    (key) =>
      `model_list:\n  - model_name: x\n    litellm_params:\n      model: dashscope/qwen-plus\n      api_key: ${key}\n`,
  ),
  dashScope(
    "a list of providers",
    "apiKey",
    (key) =>
      `{"providers":[{"name":"deepseek","apiKey":"x"},{"apiKey":"${key}","baseUrl":"${base}"}]}`,
  ),
  // notebooks, bundles, logs
  dashScope(
    "notebook source",
    name,
    (key) =>
      `{"cells":[{"source":["import os\\n","os.environ[\\"${name}\\"] = \\"${key}\\"\\n"]}]}`,
  ),
  dashScope("notebook output", null, (key) => `{"outputs":[{"text":["dashscope\\n${key}\\n"]}]}`),
  dashScope(
    "minified bundle",
    "apiKey",
    (key) =>
      `${"var a=1;".repeat(5000)}x={baseURL:"${base}",apiKey:"${key}"};${"b();".repeat(5000)}`,
  ),
  dashScope("log line", null, (key) => `2026-01-01 INFO dashscope request key=[${key}] ok\n`),
  dashScope("coloured log", null, (key) => `dashscope \u001B[32m${key}\u001B[0m ok\n`),
  dashScope("literal tab before it", null, (key) => `"dashscope\\t${key}"`),
  dashScope("JSON's escaped equals sign", null, (key) => `"dashscope\\u003d${key}"`),
  dashScope("Markdown code", null, (key) => `Use the Bailian key \`${key}\`.\n`),
  dashScope("Markdown table", null, (key) => `| qwen | ${key} |\n`),
  dashScope("HTML", null, (key) => `<p>百炼 key: <code>${key}</code></p>`),
  dashScope("Chinese around it", null, (key) => `通义千问的密钥是${key}，请勿外传。`),
  dashScope("inside a binary file", null, (key) =>
    Buffer.concat([
      Buffer.from([0, 1, 2, 0xff, 0xfe, 0x80]),
      Buffer.from(`dashscope\0${key}\0`),
      Buffer.from([0xff, 0, 0x7f]),
    ]),
  ),
  dashScope("SQL dump", null, (key) => `INSERT INTO k VALUES (1,'dashscope','${key}',NULL);\n`),
  dashScope("CSV", null, (key) => `provider,key\ndashscope,${key}\n`),
  dashScope("a commit message", null, (key) => `Fix qwen\n\nthe key ${key} was wrong\n`),
  // nothing says whose it is
  nobodys("alone", null, (key) => key),
  nobodys("a bare assignment", "token", (key) => `token = "${key}"\n`),
  nobodys("a neutral name without a host", "OPENAI_API_KEY", (key) => `OPENAI_API_KEY=${key}\n`),
  nobodys(
    "a neutral name beside a model others serve too",
    "OPENAI_API_KEY",
    (key) => `OPENAI_API_KEY=${key}\nMODEL=qwen2.5\n`,
  ),
];
