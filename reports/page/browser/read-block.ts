import { byId } from "./dom.ts";

/** An element's data as they are in the page. */
export interface PackedBlock {
  readonly text: string;
  readonly isPacked: boolean;
}

/** The data of an element, unpacked if they are packed. The build made them, so their type is known. */
export async function readBlock<Value>(id: string): Promise<Value> {
  return await unpackBlock<Value>(packedBlock(id));
}

export function packedBlock(id: string): PackedBlock {
  const element = byId(id);
  const isPacked = element.getAttribute("type") !== "application/json";
  return { text: element.textContent, isPacked };
}

export async function unpackBlock<Value>({ text, isPacked }: PackedBlock): Promise<Value> {
  const value: Value = JSON.parse(isPacked ? await unpack(text) : text);
  return value;
}

async function unpack(base64: string): Promise<string> {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return await new Response(stream).text();
}
