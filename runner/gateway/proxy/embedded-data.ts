const BYTES_PER_TOKEN = 4;
/** More than vendors take for nearly all pictures; long recordings and files may take more. */
const EMBEDDED_TOKENS_MAX = 4096;
/** What a picture, a recording or a file in a request counts at most, in bytes. */
export const EMBEDDED_BYTES_MAX = EMBEDDED_TOKENS_MAX * BYTES_PER_TOKEN;

/** The member that holds the bytes in Messages, in Gemini, and for sound in Chat. In a text, its quotes are escaped. */
const MEMBER = '"data"';
const TO_VALUE = /^\s*:\s*"/;
const TO_VALUE_MAX = 20;
/** The APIs of OpenAI take URLs. In a text, the quote before one is escaped. */
const URL_MARK = ";base64,";
const URL_HEAD = /[^\\]"data:[^"\\,]*$/;
const URL_HEAD_MAX = 200;
/** Text that is no base64 shows that soon. */
const LOOKED_AT_BYTES = 4096;
const BASE64 = /^[\w+/=-]*$/;

/** Bytes of a body, of which each picture, recording or file in base64 counts up to a limit. */
export function promptBytesOf(body: Buffer): number {
  if (body.length <= EMBEDDED_BYTES_MAX) return body.length;
  const starts = [...startsOfMembers(body), ...startsInUrls(body)];
  return starts.reduce((bytes, start) => bytes - excessAt(body, start), body.length);
}

/** The bytes of base64 from a place on that are over the limit; 0 if it is something else. */
function excessAt(body: Buffer, start: number): number {
  const end = body.indexOf('"', start);
  if (end - start <= EMBEDDED_BYTES_MAX) return 0;
  const shown = body.toString("latin1", start, start + LOOKED_AT_BYTES);
  return BASE64.test(shown) ? end - start - EMBEDDED_BYTES_MAX : 0;
}

/** The beginnings of texts in members of that name. */
function startsOfMembers(body: Buffer): readonly number[] {
  return placesAfter(body, MEMBER).flatMap((at) => {
    const found = TO_VALUE.exec(body.toString("latin1", at, at + TO_VALUE_MAX));
    return found === null ? [] : [at + found[0].length];
  });
}

/** The beginnings of the data of URLs that are a whole text. */
function startsInUrls(body: Buffer): readonly number[] {
  return placesAfter(body, URL_MARK).filter((at) => {
    const end = at - URL_MARK.length;
    return URL_HEAD.test(body.toString("latin1", Math.max(0, end - URL_HEAD_MAX), end));
  });
}

function placesAfter(body: Buffer, mark: string): readonly number[] {
  const places: number[] = [];
  for (let at = body.indexOf(mark); at !== -1; at = body.indexOf(mark, at + mark.length)) {
    places.push(at + mark.length);
  }
  return places;
}
