import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate, zstdDecompress } from "node:zlib";

type Decode = (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const DECODERS: Readonly<Record<string, Decode>> = {
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
  zstd: promisify(zstdDecompress),
};

/** A request's body as it was before its encoding; as it is, where it can't be decoded within the bound. */
export async function decodeBody(
  body: Buffer,
  contentEncoding: string | undefined,
  bytesMax: number,
): Promise<Buffer> {
  const decode = DECODERS[contentEncoding?.trim().toLowerCase() ?? ""];
  if (decode === undefined) return body;
  try {
    return await decode(body, { maxOutputLength: bytesMax });
  } catch {
    return body;
  }
}
