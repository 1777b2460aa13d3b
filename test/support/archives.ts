// Writes containers from the formats' own documents, so that the readers are tested against
// something that does not share their mistakes.
import { crc32, deflateRawSync } from "node:zlib";

export interface ZipInput {
  readonly name: string;
  /** As it is to stand in the archive for methods other than 8, which is deflated here. */
  readonly content: Uint8Array | string;
  readonly method?: 0 | 8 | 14 | 93;
  readonly encrypted?: boolean;
  /** Write the sizes behind the data only, as streaming writers do. */
  readonly streamed?: boolean;
  /** What the headers claim that the entry unpacks to. */
  readonly claimedSize?: number;
}

/** PKWARE APPNOTE 6.3.10. */
export function zipOf(inputs: readonly ZipInput[], before = "", comment = ""): Buffer {
  const parts: Buffer[] = [Buffer.from(before, "latin1")];
  const directory: Buffer[] = [];
  let offset = before.length;
  for (const input of inputs) {
    const content = Buffer.from(input.content);
    const method = input.method ?? 8;
    const data = method === 8 ? deflateRawSync(content) : content;
    const name = Buffer.from(input.name, "utf8");
    const flags = 0x800 | (input.encrypted === true ? 1 : 0) | (input.streamed === true ? 8 : 0);
    const size = input.claimedSize ?? content.length;
    const common = (streamed: boolean): Buffer => {
      const fields = Buffer.alloc(26);
      fields.writeUInt16LE(20, 0);
      fields.writeUInt16LE(flags, 2);
      fields.writeUInt16LE(method, 4);
      fields.writeUInt32LE(streamed ? 0 : crc32(content), 10);
      fields.writeUInt32LE(streamed ? 0 : data.length, 14);
      fields.writeUInt32LE(streamed ? 0 : size, 18);
      fields.writeUInt16LE(name.length, 22);
      return fields;
    };
    const local = [Buffer.from("PK\u0003\u0004"), common(input.streamed === true), name, data];
    if (input.streamed === true) {
      const descriptor = Buffer.alloc(16);
      descriptor.write("PK\u0007\u0008", "latin1");
      descriptor.writeUInt32LE(crc32(content), 4);
      descriptor.writeUInt32LE(data.length, 8);
      descriptor.writeUInt32LE(size, 12);
      local.push(descriptor);
    }
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset - before.length, 10);
    directory.push(
      Buffer.concat([Buffer.from("PK\u0001\u0002\u0014\u0000"), common(false), tail, name]),
    );
    parts.push(...local);
    offset += local.reduce((sum, part) => sum + part.length, 0);
  }
  const listing = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\u0005\u0006", "latin1");
  end.writeUInt16LE(inputs.length & 0xffff, 8);
  end.writeUInt16LE(inputs.length & 0xffff, 10);
  end.writeUInt32LE(listing.length, 12);
  end.writeUInt32LE(offset - before.length, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...parts, listing, end, Buffer.from(comment, "latin1")]);
}

export interface TarInput {
  readonly name: string;
  readonly content: Uint8Array | string;
  readonly type?: string;
}

/** POSIX.1-2017 ustar interchange format; GNU long names where a name is too long. */
export function tarOf(inputs: readonly TarInput[], magic = "ustar\u000000"): Buffer {
  const parts: Buffer[] = [];
  for (const { name, content, type = "0" } of inputs) {
    if (name.length > 100) parts.push(...tarEntry("././@LongLink", `${name}\0`, "L", magic));
    parts.push(...tarEntry(name.slice(0, 100), content, type, magic));
  }
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

function tarEntry(
  name: string,
  content: Uint8Array | string,
  type: string,
  magic: string,
): readonly Buffer[] {
  const data = Buffer.from(content);
  const header = Buffer.alloc(512);
  header.write(name, 0, "utf8");
  header.write("0000644\0", 100);
  header.write("0000000\0", 108);
  header.write("0000000\0", 116);
  header.write(`${data.length.toString(8).padStart(11, "0")}\0`, 124);
  header.write("00000000000\0", 136);
  header.write("        ", 148);
  header.write(type, 156);
  header.write(magic, 257, "latin1");
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return [header, data, Buffer.alloc((512 - (data.length % 512)) % 512)];
}
