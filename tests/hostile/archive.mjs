// Reads the files in a ZIP archive.
import { inflateRawSync } from "node:zlib";

/** The texts in it by name. */
export function unzipped(bytes) {
    const files = new Map();
    const end = bytes.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
    let at = bytes.readUInt32LE(end + 16);
    for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
        const [method, size] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)];
        const [name, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
        const local = bytes.readUInt32LE(at + 42);
        const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
        const packed = bytes.subarray(start, start + size);
        files.set(bytes.toString("utf8", at + 46, at + 46 + name), (method === 8 ? inflateRawSync(packed) : packed).toString("utf8"));
        at += 46 + name + extra + comment;
    }
    return files;
}

/** The rows of a CSV. */
export function rows(text) {
    const found = [[""]];
    let quoted = false;
    for (let at = 0; at < text.length; at += 1) {
        const letter = text[at];
        const row = found.at(-1);
        if (quoted && letter === '"' && text[at + 1] === '"') {
            row[row.length - 1] += '"';
            at += 1;
        } else if (letter === '"') {
            quoted = !quoted;
        } else if (!quoted && letter === ",") {
            row.push("");
        } else if (!quoted && letter === "\n") {
            found.push([""]);
        } else {
            row[row.length - 1] += letter;
        }
    }
    return found.filter((row) => row.length > 1);
}
