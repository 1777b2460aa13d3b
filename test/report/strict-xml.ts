// A strict little XML 1.0 reader that throws at anything not well-formed: an oracle for what we write.

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

// The characters that XML 1.0 allows (section 2.2).
const legal = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;

export function parseXml(source: string): XmlElement {
  if (!legal.test(source)) throw new Error("a character that XML cannot hold");
  const declaration = /^<\?xml version="1\.0" encoding="UTF-8"\?>\n/u.exec(source);
  if (!declaration) throw new Error("no XML declaration");
  let at = declaration[0].length;

  function take(pattern: RegExp): RegExpExecArray | null {
    const sticky = new RegExp(pattern.source, "uy");
    sticky.lastIndex = at;
    const found = sticky.exec(source);
    if (found) at = sticky.lastIndex;
    return found;
  }

  function element(): XmlElement {
    const name = take(/<([a-z]+)/u)?.[1];
    if (name === undefined) throw new Error(`no element at ${at}`);
    const attributes: Record<string, string> = {};
    for (let found = attribute(); found; found = attribute()) {
      const [, key = "", value = ""] = found;
      if (key in attributes) throw new Error(`attribute ${key} twice`);
      attributes[key] = unescaped(value);
    }
    if (take(/\/>/u)) return { name, attributes, children: [], text: "" };
    if (!take(/>/u)) throw new Error(`tag ${name} does not end at ${at}`);
    const children: XmlElement[] = [];
    let text = "";
    for (;;) {
      text += unescaped(take(/[^<]*/u)?.[0] ?? "");
      if (take(new RegExp(`</${name}>`, "u"))) return { name, attributes, children, text };
      children.push(element());
    }
  }

  const attribute = () => take(/ ([a-z]+)="([^"<]*)"/u);
  const root = element();
  if (source.slice(at).trim() !== "") throw new Error("something after the root element");
  return root;
}

function unescaped(text: string): string {
  if (/&(?!(?:amp|lt|gt|quot);)/u.test(text)) throw new Error("a bare ampersand");
  if (text.includes("]]>")) throw new Error("]]> in text");
  return text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");
}
