import { byId } from "./dom.ts";

/** The data of an element, unpacked if they are packed. The build made them, so their type is known. */
export async function readBlock<Value>(id: string): Promise<Value> {
  const element = byId(id);
  const text = element.textContent;
  const isPacked = element.getAttribute("type") !== "application/json";
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
