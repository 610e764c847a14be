import { PassThrough, Readable } from "node:stream";

import { describe, expect, it } from "vitest";

import { stdinSource } from "../../../src/sources/stdin.ts";
import { collect } from "../../helpers/git-collect.ts";

describe("standard input", () => {
  it("is one blob, read as a stream under the given name", async () => {
    const source = stdinSource(Readable.from([Buffer.from("one "), Buffer.from([0xff]), "zwö"]), "diff.txt");
    expect(await collect(source)).toEqual([
      { kind: "stream", text: "one \xffzw\xc3\xb6", provenance: [{ path: "diff.txt", part: "file" }] },
    ]);
    expect([source.problems, source.skips]).toEqual([[], []]);
  });

  it("that is empty is a skip", async () => {
    const source = stdinSource(Readable.from([]), "<stdin>");
    await collect(source);
    expect(source.skips).toEqual([{ path: "<stdin>", reason: "empty" }]);
  });

  it.each(["EISDIR", "EIO"])("that fails with %s keeps what was read, and is a problem", async (code) => {
    async function* failing(): AsyncGenerator<Buffer> {
      yield Buffer.from("read before");
      throw Object.assign(new Error("no"), { code });
    }
    const source = stdinSource(failing(), "<stdin>");
    expect((await collect(source))[0]?.text).toBe("read before");
    expect(source.problems).toMatchObject([{ kind: "unreadable", message: expect.stringContaining(code) }]);
  });

  it("is not read ahead of its reader", async () => {
    let given = 0;
    async function* endless(): AsyncGenerator<Buffer> {
      for (;;) {
        given++;
        yield Buffer.alloc(10);
      }
    }
    for await (const [blob] of stdinSource(endless(), "<stdin>").blobs()) {
      if (blob?.content.kind !== "stream") throw new Error("not a stream");
      let seen = 0;
      for await (const piece of blob.content.read()) if ((seen += piece.length) >= 50) break;
    }
    expect(given).toBe(5);
  });

  it("ends when aborted", async () => {
    const stream = new PassThrough();
    stream.write("first");
    const stopping = new AbortController();
    for await (const [blob] of stdinSource(stream, "<stdin>").blobs(stopping.signal)) {
      if (blob?.content.kind !== "stream") throw new Error("not a stream");
      const pieces: string[] = [];
      for await (const piece of blob.content.read()) {
        pieces.push(Buffer.from(piece).toString());
        stopping.abort();
        stream.write("second");
      }
      expect(pieces).toEqual(["first"]);
    }
  });

  it("ends when aborted while it waits for more", async () => {
    const stream = new PassThrough();
    stream.write("first");
    const stopping = new AbortController();
    const source = stdinSource(stream, "<stdin>");
    setTimeout(() => stopping.abort(), 20);
    expect((await collect(source, stopping.signal)).map(({ text }) => text)).toEqual(["first"]);
    expect(source.problems).toEqual([]);
    expect(stream.destroyed).toBe(true);
  });
});
