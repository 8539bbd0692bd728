import seedrandom from "seedrandom";

/** For each of 17 parsers: 136,000 in all. */
export const INPUTS = 8_000;

const USAGE = '"usage":{"input_tokens":100,"output_tokens":50,"cache_read_input_tokens":10}';
const TOTAL =
  '"total_token_usage":{"input_tokens":100,"cached_input_tokens":10,"output_tokens":50}';

const COUNT = `{"timestamp":"2026-01-01T10:00:00.000Z","type":"event_msg","payload":{"type":"token_count","info":{${TOTAL}}}}`;

const SERIES =
  '"attributes":[{"key":"session.id","value":{"stringValue":"s"}},{"key":"type","value":{"stringValue":"input"}}]';
const REQUEST =
  '{"key":"event.name","value":{"stringValue":"api_request"}},{"key":"input_tokens","value":{"intValue":"1"}},{"key":"output_tokens","value":{"intValue":2}}';

const QWEN =
  '{"uuid":"q","sessionId":"s","timestamp":"2026-01-01T10:00:00.000Z","systemPayload":{"uiEvent":{"event.name":"qwen-code.api_response","input_token_count":10,"output_token_count":20}}}';

/** Whole inputs that are then cut, repeated, swapped and filled with other bytes. */
const SEEDS = [
  `{"type":"assistant","timestamp":"2026-01-01T10:00:00.000Z","message":{"id":"m",${USAGE}}}\n`,
  '{"timestamp":"2026-01-01T10:00:00.000Z","type":"session_meta","payload":{"id":"s"}}\n',
  `${COUNT}\n${COUNT}\n`,
  `{"type":"thread.started","thread_id":"t"}\n{"type":"turn.completed",${USAGE}}\n`,
  `{"type":"result","session_id":"s","uuid":"u",${USAGE},"modelUsage":{"m":{"inputTokens":1,"outputTokens":2}}}\n`,
  '{"daily":[{"date":"2026-01-01","inputTokens":1,"outputTokens":2,"totalTokens":3}],"totals":{}}\n',
  "Date,Input,Output,Total Tokens\n2026-01-01,1,2,3\n",
  '{"ts":1760972506.92,"rid":"r","lane":"zai","model":"m","status":200,"input_tokens":1}\n',
  '{"id":"g","timestamp":"2026-01-01T10:00:00.000Z","type":"gemini","tokens":{"input":10,"output":20,"cached":5}}\n',
  `${QWEN}\n${QWEN}\n`,
  '{"id":"o","session_id":"s","parent_id":null,"data":{"role":"assistant","time":{"created":1795443239289},"tokens":{"input":10,"output":20}}}\n',
  '{"type":"message","id":"p","timestamp":"2026-01-01T10:00:00.000Z","message":{"role":"assistant","usage":{"input":10,"output":20}}}\n',
  `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"1795443239289000000","attributes":[{"key":"session.id","value":{"stringValue":"s"}},${REQUEST}]}]}]}]}\n`,
  `{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"claude_code.token.usage","sum":{"aggregationTemporality":2,"dataPoints":[{${SERIES},"startTimeUnixNano":"1","timeUnixNano":"2","asDouble":3}]}}]}]}]}\n`,
  "│ 5h limit: [███░] 28% left (resets 03:14) │\nWeekly limit: 55% left (resets 21:24 on 31 Dec)\n",
  "💰 Cost Usage: 🟢 [█░] 12.3% $2.21 / $18.00\n📊 Token Usage: 🟢 [█░] 12.3% 12,345 / 44,000\n⏱️  Time to Reset: [█░] 2h 13m\n",
  "📊 Token Usage: [░░] 0.0%\n🎯 Tokens: 0 / ~153,378 (0 left)\n",
  '{"code":200,"success":true,"data":{"limits":[{"type":"TOKENS_LIMIT","unit":3,"number":5,"usage":400,"currentValue":136,"percentage":34,"nextResetTime":1767229200000}]}}\n',
  "5h prompts used 12 of 30 (resets 13:01)\n",
  '{"rateLimits":{"limitId":"codex","primary":{"usedPercent":9,"windowDurationMins":300,"resetsAt":1767229200}}}\n',
  `{"timestamp":"2026-01-01T00:00:00.000Z","type":"event_msg","payload":{"type":"token_count","rate_limits":{"limit_id":"codex","primary":{"used_percent":13.0,"window_minutes":300,"resets_at":1767229200}}}}\n`,
  "# plan\n2026-10-26 10:00  2026-10-26 15:00  W0-07  main  codex\njob daily 06:30 ccusage daily --json | experiment ingest ccusage --stdin\njob weekly mon 06:45 experiment preview\n",
  "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nDTSTART;TZID=Europe/Berlin:20261025T023000\r\nDTEND:20261026T150000Z\r\nSUMMARY:experiment W0-07 main codex\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
  "Current session\n 1% used\n Resets 8:59pm (Asia/Irkutsk)\nCurrent week (all models) · Resets Oct\n 20, 2am\n",
];

const PIECES = [
  "{",
  "}",
  "[",
  '"',
  ",",
  ":",
  "\n",
  "\r\n",
  "\u001B[31m",
  "\u0000",
  "\uFEFF",
  "999999999999999999999",
  "-1",
  "null",
  "%",
  "resets",
  "used",
  "left",
];

/** Broken inputs, the same ones for the same name. */
export function* brokenInputs(name: string): Generator<string> {
  const random = seedrandom(`fuzz ${name}`);
  for (let input = 0; input < INPUTS; input += 1) yield mutate(random);
}

function mutate(random: () => number): string {
  const at = (length: number) => Math.floor(random() * length);
  let text = SEEDS[at(SEEDS.length)] ?? "";
  for (let change = at(6); change >= 0; change -= 1) {
    const from = at(text.length + 1);
    const to = from + at(20);
    const piece =
      random() < 0.5
        ? (PIECES[at(PIECES.length)] ?? "")
        : (SEEDS[at(SEEDS.length)] ?? "").slice(0, at(120));
    text = text.slice(0, from) + piece + text.slice(random() < 0.5 ? from : to);
  }
  return random() < 0.02 ? `${"[".repeat(50_000)}${text}` : text;
}
