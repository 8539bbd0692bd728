/** The same bytes with one bit changed. @param bit - Its place in the bytes. */
export function flipBit(bytes: Uint8Array, bit: number): Buffer {
  const changed = Buffer.from(bytes);
  const at = Math.floor(bit / 8);
  changed.writeUInt8(changed.readUInt8(at) ^ (1 << (bit % 8)), at);
  return changed;
}
